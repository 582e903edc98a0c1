#include "replace_attrs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void attrs_owner(int to, const struct stat *old)
{
	struct stat new;
	if (fstat(to, &new) != 0)
		return;
	/* The group first: the right to give it away may go with the owner. */
	if (new.st_gid != old->st_gid && fchown(to, (uid_t)-1, old->st_gid) != 0)
		errno = 0;
	if (new.st_uid != old->st_uid && fchown(to, old->st_uid, (gid_t)-1) != 0)
		errno = 0;
}

/* The mode of the old file; without set-id bits for an owner or a group that could not be given. */
static int copy_mode(int to, const struct stat *old)
{
	struct stat new;
	if (fstat(to, &new) != 0)
		return errno;
	mode_t mode = old->st_mode & 07777;
	if (new.st_gid != old->st_gid)
		mode &= (mode_t)~S_ISGID;
	if (new.st_uid != old->st_uid)
		mode &= (mode_t)~S_ISUID;
	return fchmod(to, mode) != 0 ? errno : 0;
}

#ifdef __linux__

#include <sys/xattr.h>

#include "capfix/buf.h"

/*
 * A list or value may grow between the question for its size and that for itself: a few tries, then it is given
 * up.
 */
enum { TRIES = 8 };

static bool none(int why)
{
	return why == ENODATA || why == ENOTSUP || why == ENOSYS;
}

/* The names, each with a NUL behind it. 0, or errno. */
static int list_names(int fd, struct buf *names)
{
	for (int i = 0; i < TRIES; i++) {
		ssize_t n = flistxattr(fd, NULL, 0);
		if (n <= 0)
			return n == 0 || none(errno) ? 0 : errno;
		buf_reserve(names, (size_t)n);
		n = flistxattr(fd, names->p, names->cap);
		if (n >= 0) {
			names->n = (size_t)n;
			return 0;
		}
		if (errno != ERANGE)
			return errno;
	}
	return ERANGE;
}

static int get_value(int fd, const char *name, struct buf *value)
{
	for (int i = 0; i < TRIES; i++) {
		ssize_t n = fgetxattr(fd, name, NULL, 0);
		if (n < 0)
			return errno;
		value->n = 0;
		buf_reserve(value, (size_t)n + 1);
		n = fgetxattr(fd, name, value->p, value->cap);
		if (n >= 0) {
			value->n = (size_t)n;
			return 0;
		}
		if (errno != ERANGE)
			return errno;
	}
	return ERANGE;
}

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* POSIX, NFS version 4, and as Samba keeps them. */
static bool is_acl(const char *name)
{
	return strcmp(name, "system.posix_acl_access") == 0 || begins(name, "system.nfs4") ||
		strcmp(name, "system.richacl") == 0 || strcmp(name, "security.NTACL") == 0;
}

/* Signatures of the old content. */
static bool is_about_content(const char *name)
{
	return strcmp(name, "security.ima") == 0 || strcmp(name, "security.evm") == 0;
}

static bool holds(const struct buf *names, const char *name)
{
	for (size_t at = 0; at < names->n; at += strlen(names->p + at) + 1)
		if (strcmp(names->p + at, name) == 0)
			return true;
	return false;
}

/* Labels of the system's own are not ours to give everywhere: where that is not allowed, those of a new file stay. */
static bool must_keep(const char *name, int why)
{
	if (is_acl(name) || begins(name, "user."))
		return true;
	return why != EPERM && why != EACCES && why != ENOTSUP && why != EINVAL;
}

static bool copy_one(int from, int to, const char *name, struct error *err)
{
	struct buf value;
	if (is_about_content(name))
		return true;
	buf_init(&value);
	int why = get_value(from, name, &value);
	if (why == 0 && fsetxattr(to, name, value.p, value.n, 0) != 0)
		why = errno;
	buf_release(&value);
	if (why == 0 || why == ENODATA || !must_keep(name, why))
		return true;
	if (is_acl(name))
		return error_set(err, "left alone: its access control list cannot be kept: %s", strerror(why));
	return error_set(err, "left alone: its extended attribute %s cannot be kept: %s", name, strerror(why));
}

/* A list that the new file has from its folder, and the old one has not. */
static bool drop_inherited(int to, const struct buf *wanted, struct error *err)
{
	static const char ACL[] = "system.posix_acl_access";
	if (holds(wanted, ACL) || fremovexattr(to, ACL) == 0 || none(errno))
		return true;
	return error_set(
		err, "left alone: the access control list of its folder cannot be kept from it: %s", strerror(errno));
}

static bool copy_xattrs(int from, int to, const struct buf *names, struct error *err)
{
	for (size_t at = 0; at < names->n; at += strlen(names->p + at) + 1)
		if (!copy_one(from, to, names->p + at, err))
			return false;
	return true;
}

bool attrs_copy(int from, int to, const struct stat *old, struct error *err)
{
	struct buf names;
	buf_init(&names);
	int why = list_names(from, &names);
	bool ok = why == 0 || error_set(err, "left alone: its extended attributes cannot be read: %s", strerror(why));
	ok = ok && drop_inherited(to, &names, err);
	/* Before the list, which stands for a part of the mode. */
	why = ok ? copy_mode(to, old) : 0;
	if (why != 0)
		ok = error_set(err, "cannot write: %s", strerror(why));
	ok = ok && copy_xattrs(from, to, &names, err);
	buf_release(&names);
	return ok;
}

#else

bool attrs_copy(int from, int to, const struct stat *old, struct error *err)
{
	int why = copy_mode(to, old);
	(void)from;
	return why == 0 || error_set(err, "cannot write: %s", strerror(why));
}

#endif
