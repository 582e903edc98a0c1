#include "run_worker.h"

#include <stdlib.h>

#include "capfix/wire.h"

enum {
	POLICIES = 16,      /* that a worker remembers */
	MOST_BROKEN = 1000, /* texts that did not parse: libfyaml loses some memory with each */
};

struct known_policy {
	const char *text; /* where it lies: tells policies apart */
	struct arena arena;
	struct policy *policy;
};

struct run_worker {
	struct known_policy policies[POLICIES];
	size_t oldest;
	size_t broken;
	struct arena arena;
};

void run_worker_head(
	struct buf *head, enum run_task task, uint32_t today, const struct rewrite_input *input, bool deep)
{
	head->n = 0;
	wire_number(head, (size_t)task);
	wire_number(head, today);
	wire_number(head, input->chart_template);
	wire_number(head, input->whole);
	wire_number(head, deep);
	wire_text(head, input->path);
	wire_text(head, input->policy_path);
}

struct run_worker *run_worker_new(void)
{
	struct run_worker *worker = xrealloc(NULL, 1, sizeof(*worker));

	*worker = (struct run_worker){0};
	return worker;
}

void run_worker_free(struct run_worker *worker)
{
	for (size_t i = 0; i < POLICIES; i++)
		arena_release(&worker->policies[i].arena);
	arena_release(&worker->arena);
	free(worker);
}

/* Parses each policy once, unless there are very many. */
static const struct policy *policy_of(struct run_worker *worker, struct slice text, uint32_t today)
{
	struct findings mistakes = {0};
	struct known_policy *known;

	if (text.n == 0)
		return NULL;
	for (size_t i = 0; i < POLICIES; i++)
		if (worker->policies[i].text == text.p)
			return worker->policies[i].policy;
	known = &worker->policies[worker->oldest];
	worker->oldest = (worker->oldest + 1) % POLICIES;
	arena_release(&known->arena);
	known->text = text.p;
	known->policy = policy_parse(text, &known->arena, &mistakes);
	if (!known->policy)
		BUG("a policy that was valid is not any more");
	policy_set_today(known->policy, today);
	return known->policy;
}

static void put_result(const struct rewrite_result *result, const struct policy *policy, struct buf *answer)
{
	struct buf text;

	buf_init(&text);
	wire_result(&text, result, policy ? policy_count(policy) : 0);
	wire_text(answer, buf_slice(&text));
	buf_release(&text);
}

static bool has_exempt(const struct rewrite_result *result)
{
	for (size_t i = 0; i < result->nreports; i++)
		if (result->reports[i].state == CONTAINER_EXEMPT)
			return true;
	return false;
}

static void do_rewrite(struct run_worker *worker, struct rewrite_input *input, bool deep, struct buf *answer)
{
	struct rewrite_result result;

	rewrite(input, &worker->arena, &result);
	worker->broken += result.outcome == OUTCOME_FAILED;
	put_result(&result, input->policy, answer);
	if (deep && has_exempt(&result)) {
		input->policy = NULL;
		rewrite(input, &worker->arena, &result);
		put_result(&result, NULL, answer);
	} else {
		wire_text(answer, SLICE(""));
	}
}

static void check_policy(struct run_worker *worker, struct slice text, struct buf *answer)
{
	struct findings mistakes = {0};
	struct policy *policy = policy_parse(text, &worker->arena, &mistakes);

	if (!policy)
		worker->broken++;
	wire_policy(answer, policy, &mistakes);
}

bool run_worker(void *state, const struct pool_request *request, struct buf *answer)
{
	struct run_worker *worker = state;
	struct wire head = {.data = request->head};
	struct rewrite_input input = {.text = request->text};
	size_t task = wire_get_below(&head, TASK_POLICY + 1);
	uint32_t today = (uint32_t)wire_get_number(&head);
	bool deep;

	input.chart_template = wire_get_bool(&head);
	input.whole = wire_get_bool(&head);
	deep = wire_get_bool(&head);
	input.path = wire_get_text(&head);
	input.policy_path = wire_get_text(&head);
	BUG_IF(!wire_ends(&head));
	if (task == TASK_POLICY) {
		check_policy(worker, request->text, answer);
	} else {
		input.policy = policy_of(worker, request->shared, today);
		do_rewrite(worker, &input, deep, answer);
	}
	arena_release(&worker->arena);
	return worker->broken < MOST_BROKEN;
}
