/* jail.h: what the jail's files share. Each section names the file that holds it. */
#ifndef SANDCASTLE_JAIL_H
#define SANDCASTLE_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "steps.h"
#include "walls.h"
#include "wire.h"

/* Descriptors that a keep finds at its start, and a zygote (control and filter only). */
enum { SC_FD_CONTROL = 3, SC_FD_FILTER = 4, SC_FD_SPEC = 5 };

/* Where a program finds its job socket. */
enum { SC_FD_JOB = 3 };

/* Exit code of a process of ours whose peer has gone or which could not do its part; never the program's. */
enum { SC_EXIT_BROKEN = 70 };

/* ---- failure.c: our own failures, with their place ---- */

struct sc_failure {
	enum sc_step step;
	uint32_t index;
	int error;
};

/* Notes step, index and errno; returns -1, so that callers can `return sc_fail(…)`. */
int sc_fail(struct sc_failure *failure, enum sc_step step, unsigned index);
/* The same with an error of our own choosing. */
int sc_fail_with(struct sc_failure *failure, enum sc_step step, unsigned index, int error);
void sc_send_failure(int socket, uint32_t id, const struct sc_failure *failure);

/* ---- socket.c: SEQPACKET messages with descriptors ---- */

int sc_send(int socket, const void *message, size_t length, const int *fds, unsigned count);
/* Bytes received, 0 at the end, -1 on error; received descriptors are close-on-exec and the caller's to close. */
ssize_t sc_receive(int socket, void *buffer, size_t size, int fds[static SC_FDS_MAX], unsigned *count);
int sc_send_header(int socket, uint32_t kind, uint32_t id);
void sc_close_all(const int *fds, unsigned count);

/* walls.c */
extern const char sc_walls[];

/* ---- message.c: messages taken apart, without any effect ---- */

/* Zero where the message ends early. */
struct sc_header sc_parse_header(const char *message, size_t length);
/* False, or NULL, where the message is none of its kind; fds: how many descriptors came with it. */
bool sc_parse_keep_start(const char *message, size_t length, unsigned fds, struct sc_keep_start *start);
char **sc_parse_execute(char *message, size_t length, unsigned fds, struct sc_execute *order);
bool sc_parse_fit(const char *message, size_t length, unsigned fds, struct sc_resize *resize);
bool sc_parse_slot_start(const char *message, size_t length, unsigned fds, struct sc_slot_start *start);
/* It can be met by a keep with so many ids. */
bool sc_slot_start_fits(const struct sc_slot_start *start, uint32_t id_count);
/* Arguments and environment as from sc_split_strings, whose strings stay in the message. */
char **sc_parse_zygote_start(char *message, size_t length, unsigned fds, struct sc_zygote_start *start);
bool sc_parse_find(const char *message, size_t length, struct sc_child *child);
bool sc_parse_fork(const char *message, size_t length, unsigned fds, struct sc_fork *order);

/* What a slot's init is told to do. */
struct sc_slot_order {
	struct sc_header header; /* filled for every message, also for one that is refused */
	char **argv;             /* SC_SPAWN: the caller's to free; its strings stay in the message */
	union {
		struct sc_spawn spawn;
		struct sc_path path; /* SC_PUT, SC_OPEN */
		struct sc_resize resize;
	};
};
bool sc_parse_slot_order(char *message, size_t length, unsigned fds, struct sc_slot_order *order);

enum { SC_JOB_MAX = 64 << 20 };
/* The first packet of a job that is a command. */
bool sc_parse_job(const char *message, size_t length, struct sc_job *order);

/* ---- file.c ---- */

void sc_close_cleanup(int *fd);
#define SC_CLEANUP_FD __attribute__((cleanup(sc_close_cleanup)))

int sc_write_file(int directory, const char *path, const char *text);
int sc_make_parents(const char *path);
int sc_make_mount_point(const char *path, bool file);

/* ---- copy.c ---- */

/* All of them: at most so many bytes. A sparse file is as long as it says. */
int sc_copy(int from, int to, uint64_t most);
/* The same, of a regular file only, else EMEDIUMTYPE; and of no longer one, else EFBIG. */
int sc_copy_regular(int from, int to, uint64_t most);
/* For each entry but . and .. its type, name and NUL. */
int sc_copy_entries(int directory, int to, uint64_t most);
/* Without openat2: no link is followed anywhere on the way, magic or not. */
int sc_open_by_names(const char *path, int flags, mode_t mode);

/* ---- identity.c: maps, ids, capabilities ---- */

#define SC_CAP(cap) (UINT64_C(1) << (cap))

int sc_map_ids(struct sc_failure *failure, pid_t pid, const char *uid_map, const char *gid_map);
int sc_set_ids(struct sc_failure *failure, uid_t uid, gid_t gid);
/* The same, keeping capabilities. */
int sc_become(struct sc_failure *failure, uid_t uid, gid_t gid);
/* Leaves exactly the capabilities in mask, in every set but the ambient one, and nothing else in the bounding set. */
int sc_keep_capabilities(struct sc_failure *failure, uint64_t mask);
/* Its two halves: the bounding set, and what the caller has. */
int sc_bound_capabilities(struct sc_failure *failure, uint64_t mask);
int sc_set_capabilities(struct sc_failure *failure, uint64_t mask);

/* ---- cgroup.c ---- */

/* Moves the caller into each cgroup whose cgroup.procs is given, by the opener's right; closes them. */
int sc_join_cgroups(struct sc_failure *failure, const int *fds, unsigned count);

/* ---- mounts.c ---- */

int sc_mount_private(struct sc_failure *failure);
int sc_mount_tmpfs(struct sc_failure *failure, unsigned index, const char *target, uint64_t bytes, uint32_t inodes);
int sc_mount_overlay(struct sc_failure *failure, const char *lower, const char *layers, const char *target);
/* A recursive bind mount that is read-only, nosuid and nodev (unless it is a device) all the way down. */
int sc_mount_tree(struct sc_failure *failure, enum sc_step step, unsigned index, const char *source, const char *target,
		  bool device);
int sc_mount_proc(struct sc_failure *failure, const char *target);
/* The directory becomes the root; the old root is detached. */
int sc_pivot(struct sc_failure *failure, const char *root);

/* ---- watching.c ---- */

/* settings: where /proc/sys/user of the slot's user namespace is, for a process with CAP_SYS_RESOURCE in it. */
int sc_limit_watching(struct sc_failure *failure, const char *settings);

/* ---- filter.c ---- */

/* Maps a BPF program from a descriptor, for the life of the process. */
int sc_load_filter(struct sc_failure *failure, int fd);
/* Sets no_new_privs and installs the mapped program. */
int sc_install_filter(struct sc_failure *failure);

/* ---- reap.c ---- */

/* Reaps one ended child, if there is one: 1, else 0. Fills everything but the header. */
int sc_find_end(struct sc_exited *exited);
int sc_reap(struct sc_exited *exited);
/* A descriptor that is readable when a child has ended; SIGCHLD is blocked from here on. */
int sc_child_signals(void);
int sc_block_child_signal(void);
/* Opens the caller's own I/O counters; before it stops being dumpable, and once a process. */
int sc_open_io(void);
void sc_close_io(void);
/* Reads them; the length of the reading itself, which the next one will hold, or -1. */
int sc_read_io(uint64_t *read_bytes, uint64_t *write_bytes);

/* ---- the processes, each in its file ---- */

int sc_policy_main(void);                     /* policy.c: rules in, BPF out */
int sc_numbers_main(void);                    /* policy.c: the calls of this machine, `NAME NUMBER` a line */
/* policy.c: the program goes to a descriptor; -1, with every fault on stderr. */
int sc_compile_rules(const struct sc_rule *rules, size_t count, int out);
int sc_broker_main(const char *socket_path);  /* broker.c */
int sc_keep_main(void);                       /* keep.c: pid 1 of the outer wall */
/* wall.c: starts a keep behind nsjail or our own wall; returns the pid of its outermost process. */
pid_t sc_start_wall(struct sc_failure *failure, int control, int spec, int filter);
/* keep_root.c */
int sc_build_keep_root(struct sc_failure *failure, const struct sc_keep_spec *spec);
const struct sc_keep_spec *sc_map_spec(struct sc_failure *failure, int fd);
/* spec.c: 0, or the number of the rule that is broken. size: of the spec with its trees, at least that of the struct. */
unsigned sc_check_spec(const struct sc_keep_spec *spec, size_t size);
const struct sc_tree *sc_spec_trees(const struct sc_keep_spec *spec);
/* Where a keep finds the host's things before it has its root: under nsjail they were mounted for it. */
#define SC_STAGED_DIR "/host"

/* skeleton.c: clones the slot's namespaces; does not return in the child. -1 in the parent on failure. */
pid_t sc_start_skeleton(struct sc_failure *failure, const struct sc_slot_start *start, const struct sc_keep_spec *spec,
			const int *fds, unsigned count);
/* Who built the wall around a slot. */
enum sc_wall { SC_WALL_OURS, SC_WALL_NSJAIL, SC_WALL_GVISOR };
/* "Ready", with a pidfd of the caller and the slot's root. */
int sc_announce_slot(struct sc_failure *failure, int control, uint32_t id);
/* slot.c: pid 1 of a slot. disk: the tmpfs below the root, where the init itself may change its size; else -1. */
_Noreturn void sc_slot_main(int control, int disk, enum sc_wall wall);
/* lone.c: the init of a slot that nsjail or runsc has walled. Does not return but on failure. */
int sc_lone_main(const char *wall, const char *disk_bytes);
/* gVisor: an empty disk of this size takes the place of the one before. */
int sc_mount_disk(struct sc_failure *failure, uint64_t bytes);
/* execute.c: the program of struct sc_execute in its cgroups; its pid, or -1. */
pid_t sc_execute_order(struct sc_failure *failure, char *message, size_t length, const int *fds, unsigned count);

/* ---- disk.c ---- */

int sc_resize_disk(struct sc_failure *failure, int disk, const struct sc_resize *resize);
/* The same for the slot of this init, whose root is its disk, by a child that enters it. */
int sc_fit_disk(struct sc_failure *failure, int init, const struct sc_resize *resize);
bool sc_disk_is_full(const char *path);

/* program.c: from a process of ours to the program */
struct sc_entry {
	int slot_pidfd; /* -1: already inside */
	int job;
	int stdio[3];
	const int *cgroups;
	unsigned cgroup_count;
	uint32_t open_files;
	uint32_t processes; /* 0: as many as the cgroup lets */
	enum sc_wall wall;
	bool held; /* has a companion (holder.c) */
};
/* Into the slot, without a way back: namespaces, ids, limits, capabilities, descriptors, filter. */
int sc_enter_slot(struct sc_failure *failure, const struct sc_entry *entry);
/* Where its job socket is after a failure of that: at its own number, or in its place already. */
int sc_entry_job(const struct sc_failure *failure, const struct sc_entry *entry);
/* The limits of the job; at most those of the slot. processes 0: left as it is. */
int sc_limit_job(uint32_t open_files, uint32_t processes);
/* "Ready", with the I/O that preparing has cost, so that the program is not charged for it. */
void sc_tell_ready(int job, uint32_t id);
void sc_reset_signals(void);
/* Executes argv with PATH from the given environment; on failure says so on stderr and exits with 126 or 127. */
_Noreturn void sc_execute(char *const argv[], char *const envp[]);
/* Points argv and envp into NUL-ended strings; NULL where they do not add up. The array holds argc + envc + 2 pointers. */
char **sc_split_strings(char *strings, size_t length, uint32_t argc, uint32_t envc);
/* holder.c: where the filter is the one wall that is not up yet; the companion puts up its own. */
void sc_start_holder(void);
void sc_end_holder(void);
/*
 * job.c: reads one job from its socket. 1: taken, argv and envp as from sc_split_strings, their text in a mapping of
 * strings_length + 1 bytes; 0: the worker has gone, or does not want this slot any more; -1: it is no job.
 */
int sc_read_job(int job, struct sc_job *order, char ***argv, char **text);
/* Reads one job and executes it; only SC_JOB_ARGV. */
_Noreturn void sc_run_job(int job);

#endif
