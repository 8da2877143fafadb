using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Tests.Cgroups;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>
/// What a receipt says, against what the program itself knows: CPU time by its own clock, memory that it touches, bytes that it moves.
/// docs/accounting.md has the bounds, and where they come from.
/// </summary>
[Collection(CgroupCollection.Name)]
public sealed class OutsideTruthTests
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Burns CPU time in its threads and in children, one of which nobody waits for, and prints how much it was in microseconds.</summary>
    private const string PythonBurns = """
        import os, sys, threading, time
        def burn(seconds):
            end = time.thread_time() + seconds
            while time.thread_time() < end: pass
        def child(seconds, out):
            burn(seconds)
            os.write(out, b"%d\n" % (time.process_time() * 1e6))
        start = time.process_time()
        told, tell = os.pipe()
        for i in range(2):
            if os.fork() == 0:
                if i == 1 and os.fork() != 0: os._exit(0)
                if i == 1: os.setsid()
                child(0.15, tell)
                os._exit(0)
        threads = [threading.Thread(target=burn, args=(0.1,)) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        os.close(tell)
        children = sum(map(int, os.fdopen(told).read().split()))
        print(int((time.process_time() - start) * 1e6) + children)
        """;

    /// <summary>The same in C; <c>spin</c>: a fixed number of rounds; <c>anonymous N</c>, <c>tmpfs N</c>: so many mebibytes; <c>bytes N</c>: writes and reads so many bytes.</summary>
    private const string Source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <pthread.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>

        static long micros(clockid_t clock) { struct timespec t; clock_gettime(clock, &t); return t.tv_sec * 1000000 + t.tv_nsec / 1000; }
        static void *burn(void *microseconds) { long end = micros(CLOCK_THREAD_CPUTIME_ID) + (long)microseconds; while (micros(CLOCK_THREAD_CPUTIME_ID) < end); return 0; }

        static void cpu(void) {
            int pipes[2]; pthread_t threads[3]; long start = micros(CLOCK_PROCESS_CPUTIME_ID), sum = 0, one; /* of this process before its exec, too */
            if (pipe(pipes)) exit(1);
            for (int i = 0; i < 2; i++)
                if (fork() == 0) {
                    if (i == 1) { if (fork()) _exit(0); setsid(); }
                    burn((void *)150000);
                    one = micros(CLOCK_PROCESS_CPUTIME_ID);
                    if (write(pipes[1], &one, sizeof one) < 0) _exit(1);
                    _exit(0);
                }
            for (int i = 0; i < 3; i++) pthread_create(&threads[i], 0, burn, (void *)100000);
            for (int i = 0; i < 3; i++) pthread_join(threads[i], 0);
            close(pipes[1]);
            while (read(pipes[0], &one, sizeof one) == sizeof one) sum += one;
            printf("%ld\n", sum + micros(CLOCK_PROCESS_CPUTIME_ID) - start);
        }

        static void spin(void) {
            long start = micros(CLOCK_PROCESS_CPUTIME_ID);
            for (volatile long i = 0; i < 300000000; i++);
            printf("%ld\n", micros(CLOCK_PROCESS_CPUTIME_ID) - start);
        }

        static void tmpfs(long size) {
            static char block[1 << 20];
            int fd = open("big", O_CREAT | O_RDWR, 0600);
            memset(block, 7, sizeof block);
            for (long i = 0; i < size; i += sizeof block) if (write(fd, block, sizeof block) != sizeof block) exit(1);
        }

        static void bytes(long size) {
            static char block[1000];
            int fd = open("data", O_CREAT | O_RDWR, 0600);
            for (long i = 0; i < size; i += sizeof block) if (write(fd, block, sizeof block) != sizeof block) exit(1);
            lseek(fd, 0, SEEK_SET);
            while (read(fd, block, sizeof block) > 0);
        }

        int main(int argc, char **argv) {
            long number = argc > 2 ? atol(argv[2]) : 0;
            if (!strcmp(argv[1], "cpu")) cpu();
            if (!strcmp(argv[1], "spin")) spin();
            if (!strcmp(argv[1], "anonymous"))
                memset(mmap(0, number << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 7, number << 20);
            if (!strcmp(argv[1], "tmpfs")) tmpfs(number << 20);
            if (!strcmp(argv[1], "bytes")) bytes(number);
            return 0;
        }
        """;

    public static TheoryData<string> Profiles => ["fork", "nsjail", "gvisor"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Receipt_says_what_the_program_knows_of_itself(string profile)
    {
        RequireTools(profile);
        using var tree = await CompileAsync();
        using var templates = new TemporaryDirectory();
        templates.Write("python.yaml", $"name: python\nlanguage: python\nready: 1\nprofile: {profile}\ntrees: [{{source: {tree.Location}, target: /opt/truth}}]\n");
        await using var worker = new RunningWorker();
        await worker.StartAsync(options => options with { TemplateDirectories = [templates.Location] });

        if (profile == "gvisor")
        {
            // Its kernel counts its threads' time by ticks of its own, whether the machine ran them or not: no truth to compare with. A loop of
            // so many rounds is one, though a machine that is shared runs it at different speeds: at most how fast it was before and afterwards.
            var before = await MeasureAsync(tree);
            var report = await RunAsync(worker, "spin");
            var after = await MeasureAsync(tree);
            TestContext.Current.TestOutputHelper?.WriteLine($"{profile}: CPU {report.Receipt.CpuMicros} of {before} us before and {after} us after");
            ((double)report.Receipt.CpuMicros).ShouldBeInRange(Math.Min(before, after) * 0.6, Math.Max(before, after) * 1.8);
        }
        else
        {
            foreach (var report in new[] { await worker.RunAsync("python", PythonBurns), await RunAsync(worker, "cpu") })
            {
                var known = Number(report.Stdout.Span);
                known.ShouldBeGreaterThan(550_000, Encoding.UTF8.GetString(report.Stderr.Span));
                TestContext.Current.TestOutputHelper?.WriteLine($"{profile}: CPU {report.Receipt.CpuMicros} of {known} us");
                ((double)report.Receipt.CpuMicros).ShouldBe(known, Math.Max(known * 0.02, 2_000));
            }
        }

        // The second kernel has memory of its own, which comes and goes beside what the program asked for: the least of some runs is what is
        // always there.
        var (margin, runs) = profile == "gvisor" ? (2, 3) : (1, 1);
        foreach (var kind in new[] { "anonymous", "tmpfs" })
        {
            // Both beyond what the process had before its exec, which is gone when it allocates.
            var less = await LeastPeakAsync(worker, kind, 32, runs);
            var more = await LeastPeakAsync(worker, kind, 80, runs);
            TestContext.Current.TestOutputHelper?.WriteLine($"{profile}: {kind} {more - less} of {48 * Mebibyte} bytes, beside {less - (32 * Mebibyte)}");
            (more - less).ShouldBeInRange((48 - margin) * Mebibyte, (48 + margin) * Mebibyte, kind);
        }

        const int Bytes = 5_000_000;
        var moved = (await RunAsync(worker, "bytes", Bytes)).Receipt;
        TestContext.Current.TestOutputHelper?.WriteLine($"{profile}: written {moved.IoWriteBytes}, read {moved.IoReadBytes} of {Bytes} bytes");
        if (profile == "gvisor")
        {
            moved.Sources["ioWriteBytes"].Kind.ShouldBe(FigureKind.Unavailable);
            moved.Sources["ioReadBytes"].Kind.ShouldBe(FigureKind.Unavailable);
            return;
        }

        moved.IoWriteBytes.ShouldBeInRange(Bytes, Bytes + 4_096);
        moved.IoReadBytes.ShouldBeInRange(Bytes, Bytes + 65_536);
    }

    private static async Task<RunReport> RunAsync(RunningWorker worker, string what, int number = 0)
    {
        var report = await worker.RunAsync("python", "", order => order with
        {
            Code = null,
            Argv = ["/opt/truth/program", what, number.ToString(CultureInfo.InvariantCulture)],
        });
        report.Outcome.ShouldBe(Outcome.Succeeded, Encoding.UTF8.GetString(report.Stderr.Span));
        return report;
    }

    private static async Task<long> LeastPeakAsync(RunningWorker worker, string what, int number, int runs)
    {
        var least = long.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            least = Math.Min(least, (await RunAsync(worker, what, number)).Receipt.PeakMemoryBytes);
        }

        return least;
    }

    private static async Task<TemporaryDirectory> CompileAsync()
    {
        var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Location, (UnixFileMode)0x1ED);
        var source = directory.Write("program.c", Source);
        using var compiler = Process.Start("gcc", ["-static", "-pthread", "-O1", "-o", directory.PathTo("program"), source]);
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        compiler.ExitCode.ShouldBe(0);
        return directory;
    }

    private static double Number(ReadOnlySpan<byte> text) => double.Parse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture);

    private static async Task<double> MeasureAsync(TemporaryDirectory tree)
    {
        using var process = Process.Start(new ProcessStartInfo(tree.PathTo("program"), ["spin"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return double.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }

    private static void RequireTools(string profile)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        var wall = profile switch
        {
            "nsjail" => WorkerOptions.Find("SANDCASTLE_NSJAIL", "nsjail"),
            "gvisor" => WorkerOptions.Find("SANDCASTLE_RUNSC", "runsc"),
            _ => "",
        };
        Assert.SkipWhen(wall is null, $"the program of profile {profile} is not installed");
    }
}
