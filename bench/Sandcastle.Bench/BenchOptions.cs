using System.Globalization;

namespace Sandcastle.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: Sandcastle.Bench [--only N,N] [--quick] [-o json|table]

          --only N,N   take only these measures:
                         1 sequential runs             2 sixteen clients          3 sandcastle run, server warm
                         4 pandas                      5 memory of ready slots    6 five hundred at once
                         7 sandcastle run, no server   8 each template            9 each keep
                         10 each profile               11 ledger                  12 a tenant that floods
          --quick      few repetitions and 300 ready slots instead of 2,000: shows that it works, proves nothing
          -o json      the whole result as JSON on stdout instead of tables

        The result is also written to artifacts/bench/<time>.json and artifacts/bench/latest.json.
        Programs: SANDCASTLED (else bin/sandcastled), bin/sandcastle, bwrap in PATH, SANDCASTLE_NSJAIL (else nsjail in PATH), SANDCASTLE_RUNSC (else runsc).
        """;

    /// <summary>Numbers of the measures to take; empty for all.</summary>
    public IReadOnlyList<int> Only { get; init; } = [];

    public bool Quick { get; init; }

    public bool Json { get; init; }

    public bool Help { get; init; }

    public bool Wants(int measure) => Only.Count == 0 || Only.Contains(measure);

    /// <summary>How often: in a real run, and in a quick one.</summary>
    public int Times(int full, int quick) => Quick ? quick : full;

    /// <exception cref="FormatException">With a sentence for the user.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with { Quick = true },
                "--only" => options with { Only = Numbers(Next()) },
                "-o" or "--output" => options with { Json = IsJson(Next()) },
                "-h" or "--help" => options with { Help = true },
                var other => throw new FormatException($"'{other}' is no option"),
            };

            string Next() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"'{arguments[i - 1]}' wants a value");
        }

        return options;
    }

    private static int[] Numbers(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 12
                ? number
                : throw new FormatException($"--only: '{part}' is no measure; they are numbered 1 to 12"))];

    private static bool IsJson(string text) => text switch
    {
        "json" => true,
        "table" => false,
        _ => throw new FormatException($"-o: '{text}' is neither json nor table"),
    };
}
