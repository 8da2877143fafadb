/*
 * steps.h: every place where the jail can fail, once. The C enum, the program's own messages and the worker's names
 * (by a test) come from this list. The order is the wire's: append, never insert.
 */
#ifndef SANDCASTLE_STEPS_H
#define SANDCASTLE_STEPS_H

#define SC_STEPS(X)                                                                                                    \
	X(protocol) /* a message of the wrong size, kind or version */                                                 \
	X(spec)     /* a spec that does not validate */                                                                \
	X(receive)                                                                                                     \
	X(send)                                                                                                        \
	X(clone)                                                                                                       \
	X(uid_map)                                                                                                     \
	X(gid_map)                                                                                                     \
	X(newuidmap)                                                                                                   \
	X(newgidmap)                                                                                                   \
	X(wait_for_map)                                                                                                \
	X(cgroup_join)                                                                                                 \
	X(unshare)                                                                                                     \
	X(setgroups)                                                                                                   \
	X(setgid)                                                                                                      \
	X(setuid)                                                                                                      \
	X(mount_private)                                                                                               \
	X(mount_tmpfs)                                                                                                 \
	X(mount_overlay)                                                                                               \
	X(mount_tree)                                                                                                  \
	X(mount_attributes)                                                                                            \
	X(mount_dev)                                                                                                   \
	X(mount_pts)                                                                                                   \
	X(mount_shm)                                                                                                   \
	X(mount_proc)                                                                                                  \
	X(mount_guest)                                                                                                 \
	X(make_directory)                                                                                              \
	X(make_link)                                                                                                   \
	X(pivot_root)                                                                                                  \
	X(detach_root)                                                                                                 \
	X(open_root)                                                                                                   \
	X(hostname)                                                                                                    \
	X(loopback)                                                                                                    \
	X(pidfd)                                                                                                       \
	X(setns)                                                                                                       \
	X(chdir)                                                                                                       \
	X(setsid)                                                                                                      \
	X(rlimit)                                                                                                      \
	X(capabilities)                                                                                                \
	X(no_new_privs)                                                                                                \
	X(seccomp)                                                                                                     \
	X(descriptors)                                                                                                 \
	X(signals)                                                                                                     \
	X(fork)                                                                                                        \
	X(exec)                                                                                                        \
	X(open)                                                                                                        \
	X(put)                                                                                                         \
	X(resize)                                                                                                      \
	X(io)                                                                                                          \
	X(dumpable)

enum sc_step {
	SC_STEP_none,
#define X(name) SC_STEP_##name,
	SC_STEPS(X)
#undef X
};

const char *sc_step_name(unsigned step);

#endif
