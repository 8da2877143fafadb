/*
 * wire.h: what the worker and the jail's processes say to each other.
 *
 * Every conversation is a SOCK_SEQPACKET socket: one message, one packet, descriptors beside it by SCM_RIGHTS.
 * All fields are fixed-width and naturally aligned, with no hidden padding; src/Sandcastle.Worker/Jails/Wire mirrors
 * them and a test compiles static assertions of every offset and size against this file.
 *
 *   worker <-> broker     start a keep, or another program that is the wall around one slot; hear of its end
 *   worker <-> keep       start slots and zygotes, hear of their ends (the keep is pid 1 of the outer wall)
 *   worker <-> zygote     fork a program into a slot, hear of its end
 *   worker <-> slot       pid 1 of a slot: spawn, put, open, resize, io
 *   worker <-> program    "ready", then the one job
 */
#ifndef SANDCASTLE_WIRE_H
#define SANDCASTLE_WIRE_H

#include <stdint.h>

enum { SC_WIRE_VERSION = 1 };

/* A control message fits one packet; only a job may continue in further packets of its socket. */
enum { SC_MESSAGE_MAX = 64 * 1024, SC_FDS_MAX = 16, SC_CGROUPS_MAX = 6, SC_PATH_MAX = 512, SC_NAME_MAX = 64 };

enum sc_kind {
	/* worker to broker */
	SC_KEEP_START = 1, /* sc_keep_start; fds: control, spec (sc_keep_spec + trees), filter (BPF) */
	SC_EXECUTE = 2,    /* sc_execute + strings; fds: what the program finds from 3 on, then cgroup.procs… */
	SC_FIT = 3,        /* sc_resize; fds: pidfd of a slot's init. Answered by SC_DONE or SC_ERROR */
	/* worker to keep */
	SC_ZYGOTE_START = 10, /* sc_zygote_start + strings; fds: control, log, cgroup.procs… */
	SC_SLOT_START = 11,   /* sc_slot_start; fds: control, cgroup.procs… */
	SC_FIND = 12,         /* sc_child: is it there? Answered by SC_FOUND, behind a report of all that has ended */
	/* worker to zygote */
	SC_FORK = 20, /* sc_fork; fds: slot pidfd, job, stdin, stdout, stderr, cgroup.procs… */
	/* worker to slot */
	SC_SPAWN = 30,  /* sc_spawn + strings; fds: job, stdin, stdout, stderr */
	SC_PUT = 31,    /* sc_path; fds: content. Makes parents; answered by SC_DONE or SC_ERROR */
	SC_OPEN = 32,   /* sc_path; answered by SC_OPENED with one descriptor, or SC_ERROR */
	SC_COPY = 36,   /* as SC_OPEN; fds: where the content goes, or for a directory its entries. Answered by SC_DONE */
	SC_RESIZE = 33, /* sc_resize; answered by SC_DONE or SC_ERROR */
	SC_IO = 34,     /* header; answered by SC_IO_READ */
	SC_KILL = 35,   /* header: SIGKILL to everything in the slot but its init, which then reports as ever */
	/* worker to program */
	SC_JOB = 40, /* sc_job + strings + code, continued in further packets up to its length */

	/* to the worker */
	SC_ERROR = 100,        /* sc_error */
	SC_STARTED = 101,      /* sc_child, id as asked; fds: pidfd of the keep's or program's outermost process */
	SC_ENDED = 102,        /* sc_exited, id as asked: that process has ended */
	SC_KEEP_READY = 103,   /* header */
	SC_ZYGOTE_STARTED = 110,
	SC_FOUND = 111,        /* sc_child, id as asked; pid 0: the keep has no such child, and will report no end of one */
	SC_CHILD_EXITED = 112, /* sc_exited, id = 0: any child of the keep, by its pid in the keep */
	SC_ZYGOTE_READY = 120, /* sc_child */
	SC_FORKED = 121,       /* sc_child, id = slot; pid as the keep sees it */
	SC_EXITED = 122,       /* sc_exited, id = slot: the main program of the slot */
	SC_EXITING = 123,      /* the same without bytes, from a zygote: it has ended and is about to be reaped */
	SC_SLOT_READY = 130,   /* sc_child; fds: pidfd of the slot's init, root directory (O_PATH) */
	SC_SPAWNED = 131,      /* sc_child, pid as the slot sees it */
	SC_DONE = 132,         /* header */
	SC_OPENED = 133,       /* header; fds: the file */
	SC_IO_READ = 134,      /* sc_io */
	SC_PROGRAM_READY = 140 /* sc_io: what was counted before the job, to be subtracted */
};

/* First in every message. id: the keep, slot or request it speaks of, chosen by the worker. */
struct sc_header {
	uint32_t kind;
	uint32_t id;
};

/* Our own failure, with its place: rendered as "mount(3): EPERM". */
struct sc_error {
	struct sc_header header;
	uint32_t step;  /* enum sc_step, see steps.h */
	uint32_t index; /* which of several: the tree, the descriptor, the namespace flag */
	int32_t error;  /* errno */
	uint32_t reserved;
};

struct sc_child {
	struct sc_header header;
	int32_t pid;
	uint32_t reserved;
};

/* The end of a process, as wait4 told it. Bytes are rchar and wchar, its own and those of all it had waited for. */
struct sc_exited {
	struct sc_header header;
	int32_t pid;
	int32_t status; /* wait status: exit code or signal */
	uint64_t user_micros;
	uint64_t system_micros;
	uint64_t max_rss_bytes;
	uint64_t read_bytes;
	uint64_t write_bytes;
	uint32_t disk_full; /* 1: told by a slot's init, whose disk had no free block or inode left */
	uint32_t reserved;
};

struct sc_io {
	struct sc_header header;
	uint64_t read_bytes;
	uint64_t write_bytes;
};

enum sc_keep_kind { SC_KEEP_BUILTIN = 1, SC_KEEP_NSJAIL = 2 };

struct sc_keep_start {
	struct sc_header header; /* id: the keep's */
	uint32_t version;
	uint32_t reserved;
};

/*
 * What builds the wall around one slot: nsjail or runsc. Strings follow as in sc_zygote_start. Its stdin is /dev/null, its
 * stdout and stderr are the broker's stderr.
 */
struct sc_execute {
	struct sc_header header; /* id: the slot's */
	uint32_t version;
	uint32_t passed; /* descriptors that the program finds from 3 on; those after them are cgroup.procs */
	uint32_t argc;
	uint32_t envc;
	uint32_t length;
	uint32_t reserved;
};

enum sc_tree_flags { SC_TREE_FILE = 1 /* target is a file, not a directory */ };

/* A host path that is seen, read-only, inside the keep and every slot. */
struct sc_tree {
	char source[SC_PATH_MAX];
	char target[SC_PATH_MAX]; /* absolute; its mount point exists in the root or can be made on the overlay */
	uint32_t flags;
	uint32_t reserved;
};

/* What a keep is made from; sits in a memfd, followed by tree_count times struct sc_tree. */
struct sc_keep_spec {
	uint32_t version;
	uint32_t kind;           /* enum sc_keep_kind */
	uint32_t host_id_base;   /* first host uid and gid of the mapped range */
	uint32_t id_count;       /* ids in the range, mapped to 0… inside; with own_id to 1… */
	uint32_t own_id;         /* 1: inside id 0 is the caller's own uid (an ordinary user, through newuidmap) */
	uint32_t tree_count;
	char root[SC_PATH_MAX];  /* directory that is the template's root, lowest layer of every slot */
	char guest[SC_PATH_MAX]; /* directory with the guest's files and this program, seen at SC_GUEST_DIR */
	char stage[SC_PATH_MAX]; /* an empty directory on the host: where the builtin keep's root is put together */
	char nsjail[SC_PATH_MAX];
	char newuidmap[SC_PATH_MAX];
	char newgidmap[SC_PATH_MAX];
};

#define SC_RUN_DIR "/run/sandcastle"
#define SC_GUEST_DIR SC_RUN_DIR "/guest"
#define SC_LOWER_DIR SC_RUN_DIR "/lower"
#define SC_SLOT_DIR SC_RUN_DIR "/slot"
#define SC_HOME "/home/user"
/* What SC_COPY writes for each entry of a directory: a type (as in struct dirent), the name, NUL. */
enum { SC_SLOT_UID = 1000, SC_SLOT_GID = 1000 };

/* Strings follow: argc arguments, then envc NAME=VALUE, each ended by NUL. */
struct sc_zygote_start {
	struct sc_header header;
	uint32_t argc;
	uint32_t envc;
	uint32_t length; /* bytes of the strings */
	uint32_t reserved;
};

struct sc_slot_start {
	struct sc_header header; /* id: the slot's */
	uint32_t inner_id;       /* uid and gid in the keep that are the slot's own: 1 … id_count */
	uint32_t disk_inodes;
	uint64_t disk_bytes;
	char hostname[SC_NAME_MAX];
};

struct sc_fork {
	struct sc_header header; /* id: the slot's */
	uint32_t open_files;
	uint32_t reserved;
};

/* Strings follow as in sc_zygote_start: what is executed at once; with argc 0 the process waits for its job itself. */
struct sc_spawn {
	struct sc_header header;
	uint32_t open_files;
	uint32_t argc;
	uint32_t envc;
	uint32_t length;
	uint32_t processes; /* RLIMIT_NPROC, where no cgroup counts them; 0: leave */
	uint32_t reserved;
};

struct sc_path {
	struct sc_header header;
	uint32_t mode;   /* SC_PUT: permission bits of the file; SC_COPY: most bytes that are written */
	uint32_t flags;  /* SC_OPEN, SC_COPY: 1 = a directory is wanted */
	char path[4096]; /* relative to SC_HOME, or absolute in the slot */
};

struct sc_resize {
	struct sc_header header;
	uint64_t disk_bytes;
	uint32_t disk_inodes;
	uint32_t reserved;
};

enum sc_job_kind { SC_JOB_CODE = 1, SC_JOB_ARGV = 2 };

/* Behind it, in this order: argc arguments and envc NAME=VALUE (each ended by NUL, strings_length in all), then the code. */
struct sc_job {
	struct sc_header header;
	uint32_t version;
	uint32_t job_kind;
	uint32_t argc;
	uint32_t envc;
	uint32_t strings_length;
	uint32_t code_length;
	uint32_t open_files; /* at most what the slot was prepared with */
	uint32_t processes;  /* the same */
};

/* One rule of the seccomp policy on its way to libseccomp (sandcastle-jail policy). */
enum sc_rule_action { SC_RULE_ALLOW = 1, SC_RULE_ERRNO = 2, SC_RULE_KILL = 3, SC_RULE_DONE = 4 /* answers 0, undone */ };
enum sc_rule_compare { SC_COMPARE_EQ = 1, SC_COMPARE_NE = 2, SC_COMPARE_MASKED_EQ = 3, SC_COMPARE_LE = 4, SC_COMPARE_GE = 5 };

struct sc_rule_condition {
	uint32_t argument; /* 0 … 5 */
	uint32_t compare;
	uint64_t mask; /* SC_COMPARE_MASKED_EQ only */
	uint64_t value;
};

struct sc_rule {
	char name[SC_NAME_MAX];
	uint32_t action;
	int32_t error;
	uint32_t condition_count; /* all must hold */
	uint32_t reserved;
	struct sc_rule_condition conditions[3];
};

#endif
