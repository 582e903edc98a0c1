#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pool_impl.h"

/* Pages of a long text that are given back once it is done with; fewer are kept for the next. */
enum { KEEP = 1024 * 1024 };

/* Sizes of chunks are multiples of it. Where pages are larger, they are kept. */
enum { PAGE = 4096 };

/* Texts start where a cache line does. */
enum { ALIGN = 64 };

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

/*
 * Address space for all that there could be. Only pages that are written to take memory. A file without a name can be opened
 * again for reading only, so no worker can ever make its view writable; where there is none, a mapping that is inherited must do.
 */
static char *reserve(size_t size, int *fd)
{
	void *base;

	*fd = -1;
#ifdef __linux__
	*fd = memfd_create("capfix", MFD_CLOEXEC);
	if (*fd >= 0 && ftruncate(*fd, (off_t)size) != 0) {
		close(*fd);
		*fd = -1;
	}
#endif
	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE | (*fd < 0 ? MAP_ANONYMOUS : 0), *fd, 0);
	if (base != MAP_FAILED) {
#ifdef MADV_DONTFORK
		if (*fd >= 0)
			(void)madvise(base, size, MADV_DONTFORK);
#endif
		return base;
	}
	if (*fd >= 0)
		close(*fd);
	return NULL;
}

/* Chunks for long texts: one more than workers, so that one can be filled meanwhile. */
static size_t long_chunks(size_t jobs)
{
	return jobs < 15 ? jobs + 1 : 16;
}

static size_t lay_out(struct memory *memory, size_t jobs, size_t most, size_t nlong)
{
	size_t at = jobs * REQUEST_ROOM;

	memory->nshort = 2 * jobs + 2;
	memory->nchunks = memory->nshort + nlong;
	memory->chunks = xrealloc(memory->chunks, memory->nchunks, sizeof(*memory->chunks));
	for (size_t i = 0; i < memory->nchunks; i++) {
		size_t size = i < memory->nshort ? (size_t)CHUNK_TEXT : most;

		memory->chunks[i] = (struct chunk){.at = at, .size = size};
		at += size;
	}
	memory->shared_at = at;
	return memory->shared_end = at + most;
}

void memory_init(struct memory *memory, size_t jobs)
{
	/* A GiB is the longest file, and one byte more shows that there is no more of it. */
	size_t most = sizeof(size_t) > 4 ? ((size_t)1 << 30) + PAGE : (size_t)1 << 27;
	size_t nlong = long_chunks(jobs);

	*memory = (struct memory){0};
	/* Where address space is scarce (ulimit -v, strict overcommit), fewer, then shorter ones. */
	for (; most >= (size_t)1 << 22; most = nlong > 1 ? most : most / 2, nlong = 1) {
		memory->size = lay_out(memory, jobs, most, nlong);
		memory->base = reserve(memory->size, &memory->fd);
		if (memory->base)
			return;
	}
	(void)mul_size(SIZE_MAX, 2); /* out of memory: does not return */
}

void memory_release(struct memory *memory)
{
	munmap(memory->base, memory->size);
	if (memory->fd >= 0)
		close(memory->fd);
	free(memory->chunks);
}

bool memory_enter(struct memory *memory)
{
	char path[64];
	int fd;

	if (memory->fd < 0)
		return mprotect(memory->base, memory->size, PROT_READ) == 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", memory->fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* Without /proc: the view is for reading all the same, though something hostile could take another. */
	memory->base = mmap(NULL, memory->size, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd < 0 ? memory->fd : fd, 0);
	return memory->base != MAP_FAILED;
}

char *memory_request(const struct memory *memory, size_t i)
{
	return memory->base + i * REQUEST_ROOM;
}

/* Gives the pages of a long text back to the system. */
static void clean(struct memory *memory, struct chunk *chunk)
{
#ifdef MADV_REMOVE
	if (chunk->dirty > KEEP)
		(void)madvise(memory->base + chunk->at, (chunk->dirty + PAGE - 1) / PAGE * PAGE, MADV_REMOVE);
#else
	(void)memory;
#endif
	chunk->dirty = 0;
}

static void empty(struct memory *memory, struct chunk *chunk)
{
	chunk->used = 0;
	if (chunk->size > CHUNK_TEXT)
		clean(memory, chunk);
}

static bool has_room(const struct chunk *chunk, size_t n)
{
	return n <= chunk->size - chunk->used && chunk->jobs < BATCH_JOBS;
}

/* A chunk nobody uses, among [from, to); opens it. */
static bool take_free(struct memory *memory, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (memory->chunks[i].jobs > 0 || memory->chunks[i].open)
			continue;
		memory->chunks[i].open = true;
		memory->target = i;
		return true;
	}
	return false;
}

static void close_target(struct memory *memory)
{
	struct chunk *chunk = &memory->chunks[memory->target];

	chunk->open = false;
	if (chunk->jobs == 0)
		empty(memory, chunk);
}

char *memory_room(struct memory *memory, size_t n)
{
	bool is_long = n > CHUNK_TEXT;
	struct chunk *chunk = &memory->chunks[memory->target];

	if (chunk->open && chunk->jobs == 0)
		chunk->used = 0;
	if (!chunk->open || (chunk->size > CHUNK_TEXT) != is_long || !has_room(chunk, n)) {
		close_target(memory);
		if (!take_free(memory, is_long ? memory->nshort : 0, is_long ? memory->nchunks : memory->nshort))
			return NULL;
		chunk = &memory->chunks[memory->target];
	}
	if (chunk->dirty < chunk->used + n)
		chunk->dirty = chunk->used + n;
	return memory->base + chunk->at + chunk->used;
}

size_t memory_keep(struct memory *memory, size_t n)
{
	struct chunk *chunk = &memory->chunks[memory->target];
	size_t used = chunk->used + (n + ALIGN - 1) / ALIGN * ALIGN;

	BUG_IF(!chunk->open || n > chunk->size - chunk->used);
	chunk->used = used < chunk->size ? used : chunk->size;
	chunk->jobs++;
	/* A long text has its chunk for itself. */
	if (chunk->size > CHUNK_TEXT)
		chunk->open = false;
	return memory->target;
}

void memory_drop(struct memory *memory, size_t index)
{
	struct chunk *chunk = &memory->chunks[index];

	BUG_IF(chunk->jobs == 0);
	if (--chunk->jobs == 0 && !chunk->open)
		empty(memory, chunk);
}
