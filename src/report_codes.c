#include "capfix/report_codes.h"

#include <string.h>

static const struct report_code TABLE[CODE_COUNT] = {
	[CODE_DROP] = {LEVEL_WARNING, "not all capabilities are dropped",
		"The container starts with the capabilities that its runtime gives to every container, or with some "
		"of them. The rule (Pod Security Standard \"restricted\") wants ALL among the entries of "
		"securityContext.capabilities.drop.",
		"Let capfix add it: capfix --in-place. If the program needs a capability, allow it in the policy "
		"first, or the container may fail to start."},
	[CODE_ADD] = {LEVEL_WARNING, "a capability is added that no policy entry allows",
		"securityContext.capabilities.add names a capability, and nobody has written down why this container "
		"needs it. The fix removes the entry.",
		"If the program does not need it, let capfix remove it. If it does, add an entry under `allow` in "
		".capfix.yaml with the capability, the reason and a `match` for this container."},
	[CODE_UNKNOWN] = {LEVEL_WARNING, "an added name is no capability",
		"securityContext.capabilities.add has a name that Linux does not know, so it grants nothing, and "
		"some runtimes refuse to start the container. The fix removes it.",
		"Let capfix remove it. If it is a slip of the pen, write the name as in capabilities(7), without "
		"CAP_, and allow it in the policy."},
	[CODE_RESPELLED] = {LEVEL_WARNING, "a name is not in its canonical spelling",
		"Kubernetes takes ALL only in capitals, and expects capabilities by their bare upper-case names, "
		"such as NET_BIND_SERVICE. containerd ignores a name that begins with CAP_.",
		"Let capfix respell it. Where a runtime ignored the old spelling, the container gets the capability "
		"from then on: see that it should."},
	[CODE_KEPT] = {LEVEL_NOTE, "an added capability is kept because the policy allows it",
		"An entry of the policy allows this capability for this container. The message names the entry and "
		"its reason.",
		"Nothing. When the reason no longer holds, take the entry out of the policy."},
	[CODE_ENSURED] = {LEVEL_WARNING, "a capability is missing that the policy asks for",
		"An entry of the policy says `ensure: true` and matches this container, which does not add the "
		"capability. The fix adds it.",
		"Let capfix add it. If the container does not need it, take `ensure` away or narrow the entry's "
		"`match`."},
	[CODE_OVERLAY] = {LEVEL_NOTE, "a container entry without an image: a patch",
		"An entry without `image` is laid over a container that stands elsewhere, as Kustomize patches are. "
		"Nothing is created in it, but what it says is held to the rule.",
		"Nothing here. Check the manifest that it is laid over."},
	[CODE_WINDOWS] = {LEVEL_NOTE, "a pod for Windows is left alone",
		"Windows has no capabilities, and the API server rejects them where os.name is windows.", "Nothing."},
	[CODE_EXEMPT] = {LEVEL_NOTE, "the policy exempts the container",
		"An entry under `exempt` matches this container, so it is left as it is, though it may break the "
		"rule. The message names the entry and its reason.",
		"Nothing. When the reason no longer holds, take the entry out of the policy."},
	[CODE_REFUSED] = {LEVEL_ERROR, "a container that cannot be edited without guessing",
		"What stands there has a wrong type, a key stands there twice, or the text is shared (by an anchor, "
		"an alias or a merge key) with containers that want something else. The container is left as it is "
		"and still breaks the rule. Other containers of the file are fixed.",
		"Edit it by hand; the message says what is in the way. Then run capfix again."},
	[CODE_TEMPLATE] = {LEVEL_NOTE, "a Helm template is skipped",
		"The file lies in the templates folder of a chart, or has template actions (double braces) in it. It "
		"is not the manifest that Kubernetes gets.",
		"Check what the chart renders: helm template CHART | capfix --check -. Fix the template by hand, or "
		"through the chart's values."},
	[CODE_UNKNOWN_KIND] = {LEVEL_NOTE, "something container-shaped in an unknown kind",
		"The kind is not in capfix's table, so nobody knows whether these are containers. They are left "
		"alone.",
		"If they are, add the kind under `podSpecs` in .capfix.yaml; the message names the path that it "
		"needs."},
	[CODE_PARSE] = {LEVEL_ERROR, "the file cannot be read as YAML",
		"The file is not text in UTF-8, or it breaks the rules of YAML at the place that the message names. "
		"It is never changed, and its containers are not checked.",
		"Correct the file. If it is no manifest, take it out of the paths or put it under `exclude` in "
		".capfix.yaml."},
	[CODE_IO] = {LEVEL_ERROR, "a file cannot be read or written",
		"The operating system or a safeguard of capfix said no; the message says which. As a note it names "
		"something that was passed over.",
		"Remove the cause, such as a missing permission or a full disk, and run capfix again."},
	[CODE_POLICY] = {LEVEL_ERROR, "a mistake in the policy",
		"The policy file is not valid at the place that the message names. No file is looked at until it is.",
		"Correct the policy. All its mistakes are shown at once; the manual, capfix(1), lists its keys."},
	[CODE_PRIVILEGED] = {LEVEL_WARNING, "a privileged container ignores drop",
		"With `privileged: true` the runtime gives the container every capability, whatever it drops. "
		"Following the rule does not make it safe.",
		"Take `privileged` away, and allow the capabilities that the program really needs; or exempt the "
		"container in the policy."},
	[CODE_POD_LEVEL] = {LEVEL_WARNING, "capabilities under a pod's securityContext do nothing",
		"Only the securityContext of a container has the field capabilities. Kubernetes drops it silently, "
		"or rejects the manifest, where it stands under the pod's.",
		"Write it under each container that it was meant for, and take it away here."},
	[CODE_NO_EFFECT] = {LEVEL_NOTE, "a kept NET_BIND_SERVICE may have no effect",
		"The container runs as a user other than root with allowPrivilegeEscalation: false. Added "
		"capabilities do not reach such a process, unless the runtime lets it use low ports anyway.",
		"Try it. If it works without, take the capability out of the manifest and the policy; or let the "
		"program listen on a port above 1023."},
	[CODE_IMMUTABLE] = {LEVEL_NOTE, "a running Pod or Job cannot be changed",
		"Kubernetes refuses changes to the containers of a Pod or a Job that exists already.",
		"Delete it and create it anew from the fixed manifest."},
	[CODE_IMAGE] = {LEVEL_NOTE, "an image is known to need capabilities back",
		"Programs in this image are known to fail without some capability, once ALL are dropped. None is "
		"added unasked.",
		"Try it. Allow what it needs in the policy, with a reason, or use a variant of the image that runs "
		"without."},
	[CODE_CANCELLED] = {LEVEL_WARNING, "an added capability is dropped again by name",
		"The same capability stands under add and, by name, under drop. containerd and CRI-O apply single "
		"drops after adds, so the container does not get it.",
		"Take the entry out of `drop` if the container needs the capability, else out of `add`."},
	[CODE_EXPIRED] = {LEVEL_WARNING, "a policy entry has expired",
		"Its date in `expires` has passed, so it no longer allows anything. What it allowed is reported "
		"again, and the fix removes it.",
		"Ask the entry's owner. Set a new date if the reason still holds, else take the entry out."},
	[CODE_EXPIRING] = {LEVEL_NOTE, "a policy entry will expire soon",
		"Its date in `expires` is at most 30 days away. After it, what the entry allows will be removed.",
		"Ask the entry's owner whether the reason still holds."},
	[CODE_UNUSED] = {LEVEL_NOTE, "a policy entry matches nothing",
		"No container in this run is one that the entry is for: it may have been renamed or be gone, or lie "
		"in a path that was not given.",
		"If the run was over everything that the policy is for, take the entry out or correct its `match`."},
	[CODE_INTERNAL] = {LEVEL_ERROR, "capfix could not prove its own edit",
		"Before it prints or writes, capfix proves that the result parses, is equal to the original but for "
		"the planned changes, and has nothing left to fix. Here that proof failed: a bug in capfix. The file "
		"is untouched.",
		"Please report it, with the smallest manifest that shows it. Fix the file by hand meanwhile."},
	[CODE_WORKER] = {LEVEL_ERROR, "the worker process that had the file failed",
		"Files are parsed in processes of their own, which can do nothing but that. This one crashed, took "
		"longer than --timeout, needed too much memory, tried something else, or sent an answer that makes no "
		"sense. The file is untouched; the others are done.",
		"If the file is one to trust and merely large, allow more with --timeout. Else look at where it comes "
		"from, leave it out, and please report it."},
};

const struct report_code *report_code(enum finding_code code)
{
	BUG_IF((size_t)code >= CODE_COUNT || TABLE[code].title == NULL);
	return &TABLE[code];
}

bool report_code_find(struct slice name, enum finding_code *code)
{
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (slice_is(name, finding_code_name((enum finding_code)i))) {
			*code = (enum finding_code)i;
			return true;
		}
	return false;
}

/* The text in lines of at most 78 columns, broken at blanks. It is of the table, so it is ASCII. */
static void wrap(struct buf *out, const char *text)
{
	enum { WIDTH = 78 };
	size_t col = 0;
	while (*text) {
		size_t word = strcspn(text, " ");
		if (col > 0 && col + 1 + word > WIDTH) {
			buf_addc(out, '\n');
			col = 0;
		} else if (col > 0) {
			buf_addc(out, ' ');
			col++;
		}
		buf_add(out, (struct slice){text, word});
		col += word;
		text += word + (text[word] == ' ');
	}
	buf_addc(out, '\n');
}

static void explain_one(struct buf *out, enum finding_code code)
{
	const struct report_code *row = report_code(code);
	buf_addf(out, "%s (%s): %s\n\n", finding_code_name(code), finding_level_name(row->level), row->title);
	wrap(out, row->means);
	buf_adds(out, "\nWhat to do\n");
	wrap(out, row->todo);
}

void report_code_explain(struct buf *out, const enum finding_code *code)
{
	if (code) {
		explain_one(out, *code);
		return;
	}
	for (size_t i = 0; i < CODE_COUNT; i++) {
		enum finding_code one = (enum finding_code)i;
		buf_addf(out, "%-13s %s\n", finding_code_name(one), report_code(one)->title);
	}
}
