/*
 * holder.c: keeps the freeing of a program's memory off the path to its answer.
 *
 * A process that exits gives back its address space before its parent hears of it: with the thousands of pages that a
 * fork of a warm interpreter maps, that is most of what a small run costs. Unless somebody else still uses the address
 * space. So every program forked from a zygote gets a silent companion that shares its memory and nothing else: it waits
 * until the slot is destroyed, behind the answer. It is its parent's child, not the program's, so that no wait() of the
 * program ever meets it. A program that kills it loses the time it would have saved, no more.
 *
 * The filter lets nobody make such a child, so it is made just before that, behind all other walls, and puts up its own:
 * whoever shares its memory may write to its stack. The program goes no further before that is done.
 */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

enum { STACK_BYTES = 4096 };

enum { STARTING, FILTERED, GONE };

static _Alignas(64) char stack[STACK_BYTES];
static pid_t holder = -1;
static _Atomic uint32_t state;

static void tell(uint32_t what)
{
	atomic_store(&state, what);
	syscall(SYS_futex, &state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Shares the program's thread-local storage: after it is filtered nothing here may set errno. All signals are blocked, so pause() stays. */
static int hold(void *unused)
{
	struct sc_failure failure = {0};
	(void)unused;
	syscall(SYS_close_range, 0, ~0U, 0);
	if (sc_install_filter(&failure) < 0) {
		tell(GONE);
		return 0;
	}
	tell(FILTERED);
	while (pause() < 0)
		;
	return 0;
}

void sc_start_holder(void)
{
	sigset_t all, before;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	atomic_store(&state, STARTING);
	/* With CLONE_PARENT the exit signal is the program's own. Where it fails the run is slower, and as right. */
	holder = clone(hold, stack + sizeof stack, CLONE_VM | CLONE_PARENT, NULL);
	while (holder > 0 && atomic_load(&state) == STARTING)
		syscall(SYS_futex, &state, FUTEX_WAIT, STARTING, NULL, NULL, 0);
	if (atomic_load(&state) == GONE)
		holder = -1;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void sc_end_holder(void)
{
	if (holder > 0)
		kill(holder, SIGKILL);
	holder = -1;
}
