/*
 * seeds.c: writes the well-formed inputs from which fuzzing starts, DIRECTORY/TARGET/NAME: one of each kind of message, and
 * the edges of what is taken. `make fuzz-seeds` writes them to fuzz/corpus; tests/shell/fuzz.sh looks that they are still the
 * ones that are written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../jail.h"

static const char *directory;
static char buffer[16384];
static size_t used;

static void add(const void *bytes, size_t length)
{
	memcpy(buffer + used, bytes, length);
	used += length;
}

static void add_byte(unsigned value)
{
	buffer[used++] = (char)value;
}

static void save(const char *target, const char *name)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", directory, target);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		exit(1);
	snprintf(path, sizeof path, "%s/%s/%s", directory, target, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, buffer, used) != (ssize_t)used) {
		perror(path);
		exit(1);
	}
	close(fd);
	used = 0;
}

static struct sc_header header_of(uint32_t kind)
{
	return (struct sc_header){.kind = kind, .id = 7};
}

/* ---- spec ---- */

static struct sc_keep_spec valid_spec(void)
{
	struct sc_keep_spec spec = {.version = SC_WIRE_VERSION, .kind = SC_KEEP_BUILTIN, .host_id_base = 100000, .id_count = 65536};
	strcpy(spec.root, "/run/stage/root");
	strcpy(spec.guest, "/run/stage/guest");
	strcpy(spec.stage, "/run/stage/keep");
	return spec;
}

static void save_specs(void)
{
	struct sc_keep_spec spec = valid_spec();
	struct sc_tree usr = {.source = "/usr", .target = "/usr"};
	struct sc_tree zone = {.source = "/etc/localtime", .target = "/etc/localtime", .flags = SC_TREE_FILE};

	add(&spec, sizeof spec);
	save("spec", "builtin");
	spec.tree_count = 2;
	add(&spec, sizeof spec);
	add(&usr, sizeof usr);
	add(&zone, sizeof zone);
	save("spec", "trees");
	spec = valid_spec();
	spec.kind = SC_KEEP_NSJAIL;
	strcpy(spec.nsjail, "/usr/bin/nsjail");
	add(&spec, sizeof spec);
	save("spec", "nsjail");
	spec = valid_spec();
	spec.own_id = 1;
	strcpy(spec.newuidmap, "/usr/bin/newuidmap");
	strcpy(spec.newgidmap, "/usr/bin/newgidmap");
	add(&spec, sizeof spec);
	save("spec", "own-id");
}

/* ---- strings ---- */

static void save_strings(void)
{
	const uint32_t none[] = {0, 0}, command[] = {2, 1}, environment[] = {0, 2}, empty[] = {2, 0};
	add(none, sizeof none);
	save("strings", "none");
	add(command, sizeof command);
	add("ls\0-l\0A=1", 10);
	save("strings", "command");
	add(environment, sizeof environment);
	add("A=1\0B=2", 8);
	save("strings", "environment");
	add(empty, sizeof empty);
	add("\0", 2);
	save("strings", "empty");
}

/* ---- rules ---- */

static void add_rule(const char *name, uint32_t action, int32_t error, const struct sc_rule_condition *conditions, uint32_t count)
{
	struct sc_rule rule = {.action = action, .error = error, .condition_count = count};
	snprintf(rule.name, sizeof rule.name, "%s", name);
	if (count > 0)
		memcpy(rule.conditions, conditions, count * sizeof *conditions);
	add(&rule, sizeof rule);
}

static void save_rules(void)
{
	const struct sc_rule_condition family = {.argument = 0, .compare = SC_COMPARE_EQ, .value = 1};
	const struct sc_rule_condition bits = {.argument = 1, .compare = SC_COMPARE_MASKED_EQ, .mask = 0xff, .value = 2};
	const struct sc_rule_condition most = {.argument = 2, .compare = SC_COMPARE_LE, .value = UINT64_MAX};
	const struct sc_rule_condition least = {.argument = 5, .compare = SC_COMPARE_GE, .value = 1};
	const struct sc_rule_condition other = {.argument = 3, .compare = SC_COMPARE_NE, .value = 0};
	const struct sc_rule_condition three[] = {family, bits, most};

	add_rule("read", SC_RULE_ALLOW, 0, NULL, 0);
	save("rules", "allow");
	add_rule("mount", SC_RULE_ERRNO, EPERM, NULL, 0);
	add_rule("ptrace", SC_RULE_KILL, 0, NULL, 0);
	add_rule("no_such_call", SC_RULE_ALLOW, 0, NULL, 0);
	save("rules", "refuse");
	add_rule("socket", SC_RULE_ALLOW, 0, three, 3);
	add_rule("ioctl", SC_RULE_ALLOW, 0, &bits, 1);
	add_rule("prlimit64", SC_RULE_ERRNO, ENOSYS, &least, 1);
	add_rule("mmap", SC_RULE_ALLOW, 0, &other, 1);
	save("rules", "conditions");
}

/* ---- the processes ---- */

static void save_slot_orders(void)
{
	static const char text[] = "/usr/bin/node\0runner.mjs\0PATH=/usr/bin";
	struct sc_spawn spawn = {.header = header_of(SC_SPAWN), .open_files = 256, .argc = 2, .envc = 1, .length = sizeof text};
	struct sc_path where = {.header = header_of(SC_PUT), .mode = 0644, .path = "data/in.csv"};
	struct sc_resize resize = {.header = header_of(SC_RESIZE), .disk_bytes = 8 << 20, .disk_inodes = 1024};
	struct sc_header io = header_of(SC_IO), end = header_of(SC_KILL);

	add_byte(4);
	add(&spawn, sizeof spawn);
	add(text, sizeof text);
	save("slot", "spawn");
	spawn.argc = spawn.envc = spawn.length = 0;
	add_byte(4);
	add(&spawn, sizeof spawn);
	save("slot", "spawn-waiting");
	add_byte(1);
	add(&where, sizeof where);
	save("slot", "put");
	where.header = header_of(SC_COPY);
	add_byte(1);
	add(&where, sizeof where);
	save("slot", "copy");
	where = (struct sc_path){.header = header_of(SC_OPEN), .flags = 1, .path = "."};
	add_byte(0);
	add(&where, sizeof where);
	save("slot", "open");
	add_byte(0);
	add(&resize, sizeof resize);
	save("slot", "resize");
	add_byte(0);
	add(&io, sizeof io);
	save("slot", "io");
	add_byte(0);
	add(&end, sizeof end);
	save("slot", "kill");
}

static void save_keep_orders(void)
{
	static const char text[] = "/usr/bin/python3\0zygote.py\0A=1";
	struct sc_slot_start slot = {.header = header_of(SC_SLOT_START), .inner_id = 1, .disk_bytes = 1 << 20, .hostname = "sandbox"};
	struct sc_zygote_start zygote = {.header = header_of(SC_ZYGOTE_START), .argc = 2, .envc = 1, .length = sizeof text};
	struct sc_keep_start keep = {.header = header_of(SC_KEEP_START), .version = SC_WIRE_VERSION};
	struct sc_fork wish = {.header = header_of(SC_FORK), .open_files = 256};
	struct sc_execute wall = {
		.header = header_of(SC_EXECUTE), .version = SC_WIRE_VERSION, .passed = 2, .argc = 2, .envc = 1, .length = sizeof text};
	struct sc_child find = {.header = header_of(SC_FIND), .pid = 7};
	struct sc_resize fit = {.header = header_of(SC_FIT), .disk_bytes = 1 << 20, .disk_inodes = 64};

	add_byte(2);
	add(&slot, sizeof slot);
	save("keep", "slot-start");
	add_byte(4);
	add(&zygote, sizeof zygote);
	add(text, sizeof text);
	save("keep", "zygote-start");
	add_byte(0);
	add(&find, sizeof find);
	save("keep", "find");
	add_byte(3);
	add(&keep, sizeof keep);
	save("forks", "keep-start");
	add_byte(4);
	add(&wall, sizeof wall);
	add(text, sizeof text);
	save("forks", "execute");
	add_byte(1);
	add(&fit, sizeof fit);
	save("forks", "fit");
	add_byte(6);
	add(&wish, sizeof wish);
	save("forks", "fork");
}

static void add_packet(const void *bytes, size_t length)
{
	add_byte(length & 0xff);
	add_byte(length >> 8);
	add(bytes, length);
}

static void save_jobs(void)
{
	static const char text[] = "echo\0hello\0A=1";
	struct {
		struct sc_job job;
		char text[sizeof text];
	} whole = {.job = {.header = header_of(SC_JOB),
			   .version = SC_WIRE_VERSION,
			   .job_kind = SC_JOB_ARGV,
			   .argc = 2,
			   .envc = 1,
			   .strings_length = sizeof text,
			   .open_files = 64}};
	memcpy(whole.text, text, sizeof text);
	size_t length = sizeof whole.job + sizeof text;

	add_packet(&whole, length);
	save("job", "one-packet");
	add_packet(&whole, sizeof whole.job + 4);
	add_packet(text + 4, 3);
	add_packet(text + 7, sizeof text - 7);
	save("job", "three-packets");
	/* The last is longer than what is left: this is no job. */
	add_packet(&whole, length - 1);
	add_packet(text + sizeof text - 1, 1);
	buffer[used - 3] = 2;
	add_byte('x');
	save("job", "regression-longer-than-announced");
	add_packet(&whole, length - 1);
	save("job", "torn");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 64;
	directory = argv[1];
	save_specs();
	save_strings();
	save_rules();
	save_slot_orders();
	save_keep_orders();
	save_jobs();
	return 0;
}
