/*
 * sandcastle-jail: the walls around programs that nobody trusts.
 *
 * Theory of operation
 *
 * The worker (C#, many threads) cannot fork. It starts one BROKER, single-threaded C, and asks it for KEEPS.
 *
 * A keep is the outer wall: new user, pid, mount, net, ipc, uts and cgroup namespaces, made by nsjail where it is
 * installed (wall.c executes it) or by ourselves (wall.c clones). Behind either wall the same program runs as pid 1,
 * `sandcastle-jail keep` (keep.c): it puts together a read-only root from named trees (keep_root.c), then starts what
 * the worker asks for and reaps what ends. No user code ever runs directly in a keep.
 *
 * In the keep there are two kinds of children.
 *
 *   A ZYGOTE is a warm interpreter (guest/python/zygote.py) that loaded this code as a library (zygote.c). When asked,
 *   it forks by libc's fork() and the child enters a slot.
 *
 *   A SKELETON (skeleton.c) owns one slot: its own seven namespaces, its own uid that no other slot has, an overlay on a
 *   size-capped tmpfs as its root, in cgroups that it joined before anything else. It becomes pid 1 of the slot
 *   (slot.c), where it reaps orphans, places files, and spawns commands that are not forked from a zygote.
 *
 * A slot can also stand alone, without a keep: then the broker executes another program that walls it, one for each slot
 * (execute.c), nsjail or runsc, and pid 1 inside is this program again (lone.c), with the same slot.c behind it.
 *
 * A program process comes into a slot from the zygote (by setns) or from the slot's init (it is there already), and
 * goes through one door, sc_enter_slot (program.c): namespaces, ids, limits, no capabilities, no_new_privs, no
 * descriptors but stdio and its job socket, seccomp. Then it says "ready" and waits. All of this is done before anybody
 * asks for a run. A run is one message: the job.
 *
 * Nothing outlives the worker: whoever holds a control socket exits when it closes, and when pid 1 of a slot or keep
 * exits the kernel ends everything in it. Everything fails closed, and says where: struct sc_failure.
 *
 * All walls stand in what is shipped. Builds that lack some, by a constant of the compiler (walls.h), are for
 * tests/Conformance alone: to see that its attacks get through there.
 */
#include <stdio.h>
#include <string.h>

#include "jail.h"

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "broker") == 0)
		return sc_broker_main(argv[2]);
	if (argc == 2 && strcmp(argv[1], "keep") == 0)
		return sc_keep_main();
	if (argc == 4 && strcmp(argv[1], "slot") == 0)
		return sc_lone_main(argv[2], argv[3]);
	if (argc == 2 && strcmp(argv[1], "policy") == 0)
		return sc_policy_main();
	if (argc == 2 && strcmp(argv[1], "numbers") == 0)
		return sc_numbers_main();
	fputs("sandcastle-jail is started by sandcastled: broker SOCKET | keep | slot WALL BYTES | policy | numbers\n", stderr);
	return 64;
}
