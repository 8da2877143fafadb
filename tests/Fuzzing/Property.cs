using CsCheck;

namespace Fuzzing;

/// <summary>
/// A property that holds for every sample of a generator. The samples are the same in every run, one after the other: CsCheck's own
/// loop draws new ones, and what failed in one run of CI would pass in the next. FUZZ_SEED, as a failure prints it, begins with that
/// sample; FUZZ_SAMPLES takes more of them.
/// </summary>
internal static class Property
{
    private const string FirstSeed = "0000000000001";

    public static void Hold<T>(Gen<T> samples, int count, Action<T> check, Func<T, string>? show = null) =>
        HoldAsync(samples, count, sample =>
        {
            check(sample);
            return Task.CompletedTask;
        }, show).GetAwaiter().GetResult();

    public static async Task HoldAsync<T>(Gen<T> samples, int count, Func<T, Task> check, Func<T, string>? show = null)
    {
        var random = PCG.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? FirstSeed);
        count = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SAMPLES"), out var more) ? more : count;
        for (var i = 0; i < count; i++)
        {
            var seed = random.ToString();
            var sample = samples.Generate(random, null, out _);
            try
            {
                await check(sample);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"sample {i}, FUZZ_SEED={seed}: {(show ?? Check.Print)(sample)}", e);
            }
        }
    }
}
