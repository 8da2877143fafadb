// Measures the product beside what people use instead, all in one run of one machine, and says which promises hold.
//
// A figure alone says little: machines differ, and one machine differs from minute to minute. So everything is taken in turns,
// product, baseline, product, baseline, and judged by the ratio of their medians. The baselines are started by a small helper
// process (Processes/spawner.py), so that what this program costs is no part of them; the product is driven by prepared bytes over a
// kept-alive connection (Servers/WireClient.cs), since both sides share the processors. The server is our own: it is started
// from bin/sandcastled with a fresh directory and key, and ended before the result is written.
//
//   Measures/   one file for each measure: which loads it takes in which turns, and the bounds it is judged by
//   Loads/      runs one after the other, from many clients, all at once
//   Servers/    our own server, its templates, and the connection to it
//   Processes/  everything that is started
//   Machine/    what the machine is, and how much memory and processor time it has spent
//   Reports/    rows, verdicts, tables and JSON
using System.Runtime.InteropServices;
using Sandcastle.Bench;

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

if (options.Help)
{
    Console.Out.WriteLine(BenchOptions.Usage);
    return 0;
}

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
try
{
    return await Benchmark.RunAsync(options, TimeProvider.System, cancellation.Token);
}
catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
{
    Console.Error.WriteLine("cancelled; the server was ended");
    return 130;
}

void Cancel(PosixSignalContext context)
{
    context.Cancel = true;
    cancellation.Cancel();
}
