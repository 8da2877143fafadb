/* zygote.h: what guest/python/zygote.py calls. */
#ifndef SANDCASTLE_ZYGOTE_H
#define SANDCASTLE_ZYGOTE_H

#include <stddef.h>
#include <stdint.h>

/* Maps the filter and tells the worker that the zygote is warm. 0, or -1. */
int sc_zygote_ready(void);

/*
 * Waits for the next wish to fork, and reaps and reports meanwhile. 1: the caller shall fork now, by libc's fork();
 * the child will be in the slot's pid namespace. 0: the worker has gone.
 */
int sc_zygote_next(void);

/* In the parent, after the fork. pid -1: it failed. */
void sc_zygote_forked(int pid);

/* In the child, after the fork: into the slot. Does not return where that fails. The job socket is descriptor 3. */
void sc_zygote_enter(void);

/* In the child, when all that it wants to touch ahead is touched. */
void sc_program_ready(void);

/* The job's own limits of descriptors and, where it is not 0, of processes. */
void sc_program_limit(uint32_t open_files, uint32_t processes);

/* Executes a command instead of code; strings as in struct sc_job. */
void sc_program_execute(char *strings, size_t length, uint32_t argc, uint32_t envc);

/* Ends the program without the interpreter's tear-down, C's own buffers written. */
void sc_program_finish(int code);

#endif
