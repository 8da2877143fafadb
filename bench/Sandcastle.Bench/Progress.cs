using System.Diagnostics;

namespace Sandcastle.Bench;

/// <summary>Says on stderr what is being done; stdout has the result alone.</summary>
internal sealed class Progress
{
    private readonly long _begin = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begin);

    public void Say(string text) => Console.Error.WriteLine($"{Elapsed.TotalSeconds,6:0.0} s  {text}");
}
