namespace Sandcastle.Conformance;

/// <summary>One thing that a program must not be able to do, and how it is tried.</summary>
public sealed record Attack
{
    /// <summary>The file that it is in.</summary>
    public string Family { get; init; } = "";

    /// <summary>What would have happened.</summary>
    public required string Name { get; init; }

    /// <summary>Written with attack.py; says "held" at its end.</summary>
    public string? Python { get; init; }

    /// <summary>Prints nothing when it was held.</summary>
    public string? Bash { get; init; }

    /// <summary>A program that is linked statically; says "held" at its end.</summary>
    public string? C { get; init; }

    /// <summary>Python that runs at the same time in another slot, and prints nothing.</summary>
    public string? Beside { get; init; }

    /// <summary>Written with attack.py; runs afterwards on the same worker.</summary>
    public string? Then { get; init; }

    /// <summary>What is asked for as files.</summary>
    public IReadOnlyList<string> Collect { get; init; } = [];

    /// <summary>Outcomes that are right, in the words of the API.</summary>
    public IReadOnlyList<string> Expect { get; init; } = ["succeeded"];

    /// <summary>Profiles in which it is not tried, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Except { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why bubblewrap, by its design, does not hold it; null where it does.</summary>
    public string? Bubblewrap { get; init; }

    /// <summary>Outcomes that are right in some profile, instead of <see cref="Expect"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Instead { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>What holds it: it gets through where one of these is gone; each may be several walls together, as <c>a+b</c>.</summary>
    public IReadOnlyList<string> Walls { get; init; } = [];

    /// <summary>The kernel that first had what is tried: on an older one it is held without any wall.</summary>
    public Version Since { get; init; } = new(5, 0);

    /// <summary>Walls without which it is not tried, since that would harm the machine; each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Untried { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it says where nothing got through.</summary>
    public string Silence => Bash is null ? "held\n" : "";

    /// <summary>Outcomes that are right in this profile.</summary>
    public IReadOnlyList<string> ExpectIn(string profile) => Instead.GetValueOrDefault(profile, Expect);

    public override string ToString() => $"{Family}: {Name}";
}
