using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandcastle.Cluster.Manifests;

/// <summary>deploy/observability: what Grafana and Prometheus demand of the files, and that every metric they name is one of ours or of Kueue's.</summary>
public sealed partial class ObservabilityTests
{
    /// <summary>Of Kueue, from its pkg/metrics, and what Prometheus' own language has that looks like a metric.</summary>
    private static readonly string[] Kueues = ["kueue_local_queue_resource_usage"];

    private static readonly string Directory = Path.Combine(Repository.Deploy, "observability");

    private static JsonObject Dashboard => JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "dashboard.json")))!.AsObject();

    private static IReadOnlyList<JsonObject> Rules =>
        [.. YamlObjects.Read(Path.Combine(Directory, "alerts.yaml")).Single()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    public static TheoryData<string> Expressions =>
    [
        .. Panels().SelectMany(panel => panel["targets"]!.AsArray()).Select(target => (string)target!["expr"]!),
        .. Rules.Select(rule => (string)rule["expr"]!),
    ];

    [Fact]
    public void Dashboard_has_what_Grafana_demands_of_one()
    {
        var dashboard = Dashboard;

        ((string)dashboard["title"]!).ShouldNotBeEmpty();
        ((string)dashboard["uid"]!).Length.ShouldBeInRange(1, 40);
        ((int)dashboard["schemaVersion"]!).ShouldBeGreaterThanOrEqualTo(36);
        dashboard["time"]!.AsObject().Select(field => field.Key).ShouldBe(["from", "to"]);
        dashboard.ShouldNotContainKey("id");
        var variables = dashboard["templating"]!["list"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string)variable!["type"]!);
        variables["datasource"].ShouldBe("datasource");
        Variables().Matches(dashboard.ToJsonString()).Select(match => match.Groups["name"].Value)
            .Where(name => !name.StartsWith("__", StringComparison.Ordinal)).Distinct().ShouldBeSubsetOf(variables.Keys);
    }

    [Fact]
    public void Panels_are_whole_and_lie_beside_each_other()
    {
        var panels = Panels();

        panels.Count.ShouldBeGreaterThan(8);
        panels.Select(panel => (int)panel["id"]!).ShouldBeUnique();
        panels.Select(panel => (string)panel["title"]!).ShouldBeUnique();
        panels.ShouldAllBe(panel => new[] { "gauge", "stat", "timeseries" }.Contains((string)panel["type"]!));
        panels.ShouldAllBe(panel => panel["fieldConfig"]!["defaults"]!["unit"] != null && panel["options"] is JsonObject);
        foreach (var panel in panels)
        {
            ((string)panel["datasource"]!["uid"]!).ShouldBe("${datasource}");
            panel["targets"]!.AsArray().Select(target => (string)target!["refId"]!).ShouldBeUnique();
            panel["targets"]!.AsArray().Count.ShouldBeGreaterThan(0);
            var place = Place(panel);
            (place.X >= 0 && place.W > 0 && place.H > 0 && place.X + place.W <= 24).ShouldBeTrue((string)panel["title"]!);
            panels.Where(other => other != panel && Overlaps(place, Place(other))).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Expression_is_balanced_and_names_metrics_that_there_are(string expression)
    {
        var open = new Stack<char>();
        foreach (var letter in Quoted().Replace(expression, ""))
        {
            if (letter is '(' or '[' or '{')
            {
                open.Push(letter);
            }
            else if (letter is ')' or ']' or '}')
            {
                open.TryPop(out var opened).ShouldBeTrue(expression);
                (opened, letter).ShouldBeOneOf(('(', ')'), ('[', ']'), ('{', '}'));
            }
        }

        open.ShouldBeEmpty(expression);
        var named = Metric().Matches(expression).Select(match => match.Value).Distinct().ToList();
        named.ShouldNotBeEmpty();
        named.Except(Kueues).Where(name => !Ours().Any(known => IsOf(name, known))).ShouldBeEmpty();
    }

    [Fact]
    public void Rules_say_how_long_how_bad_and_what()
    {
        Rules.Select(rule => (string)rule["alert"]!).ShouldBe(
            ["SandcastleUnaccountedCpu", "SandcastleBooksUnseen", "SandcastleIdleWholesale", "SandcastleLeasePending", "SandcastleDrainOverGrace", "SandcastleBudgetSpent", "SandcastleNoOperator"]);
        foreach (var rule in Rules)
        {
            ((string)rule["for"]!).ShouldMatch("^[1-9][0-9]*[mh]$");
            ((string)rule["labels"]!["severity"]!).ShouldBeOneOf("info", "warning", "critical");
            ((string)rule["annotations"]!["summary"]!).ShouldNotBeEmpty();
            ((string)rule["annotations"]!["description"]!).ShouldNotBeEmpty();
        }
    }

    /// <summary>Workers answer managers and bearers of tickets: what they alone say, nobody in a cluster can scrape.</summary>
    [Theory]
    [MemberData(nameof(Expressions))]
    public void Expression_asks_for_nothing_that_a_worker_alone_says(string expression)
    {
        var workers = Of("Sandcastle.Worker").Except([.. Of("Sandcastle.Manager"), .. Of("Sandcastle.Operator")]).ToList();
        workers.ShouldContain("sandcastle_unaccounted_cpu");
        Metric().Matches(expression).Select(match => match.Value).Where(name => workers.Exists(of => IsOf(name, of))).ShouldBeEmpty();
    }

    /// <summary>Every manager tells the same of a worker: a sum over managers would be as many times too much.</summary>
    [Theory]
    [MemberData(nameof(Expressions))]
    public void Expression_takes_what_every_manager_tells_once(string expression) =>
        Fleet().Count(expression).ShouldBe(Once().Count(expression) + Absent().Count(expression));

    /// <summary>Managers and operator have an instrument of one name, with labels of their own: who asks says whose he means.</summary>
    [Theory]
    [MemberData(nameof(Expressions))]
    public void Expression_says_whose_series_it_means_where_two_have_the_name(string expression)
    {
        var shared = Of("Sandcastle.Manager").Intersect(Of("Sandcastle.Operator")).ToList();
        shared.ShouldBe(["sandcastle_tenant_budget_spent"]);
        Metric().Matches(expression).Where(match => shared.Exists(of => IsOf(match.Value, of)))
            .ShouldAllBe(match => Operators().IsMatch(expression, match.Index));
    }

    /// <summary>Prometheus' own reader, over the rules and over the dashboard's expressions as if they were rules.</summary>
    [Fact]
    public async Task Promtool_takes_every_expression()
    {
        var file = Path.Combine(System.IO.Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster")).FullName, "expressions.yaml");
        var rules = Panels().SelectMany(panel => panel["targets"]!.AsArray()).Select((target, i) =>
            $"      - record: panel:{i}\n        expr: {JsonValue.Create(((string)target!["expr"]!).Replace("$__rate_interval", "5m", StringComparison.Ordinal)).ToJsonString()}\n");
        await File.WriteAllTextAsync(file, $"groups:\n  - name: panels\n    rules:\n{string.Concat(rules)}", TestContext.Current.CancellationToken);

        foreach (var checkedFile in new[] { Path.Combine(Directory, "alerts.yaml"), file })
        {
            await PromtoolAsync("check", "rules", checkedFile);
        }
    }

    /// <summary>What the rules make of series as a cluster has them: of two managers, of one that starts again, of nobody who is asked.</summary>
    [Fact]
    public Task Rules_fire_when_they_should_and_not_otherwise() =>
        PromtoolAsync("test", "rules", Repository.PathTo("tests", "Cluster", "Manifests", "alerts.test.yaml"));

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(path => Path.Combine(path, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not in PATH (Debian: package prometheus)");
        using var process = Process.Start(new ProcessStartInfo(promtool!, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, said);
    }

    private static IReadOnlyList<JsonObject> Panels() => [.. Dashboard["panels"]!.AsArray().Select(panel => panel!.AsObject())];

    private static (int X, int Y, int W, int H) Place(JsonObject panel)
    {
        var place = panel["gridPos"]!;
        return ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
    }

    private static bool Overlaps((int X, int Y, int W, int H) one, (int X, int Y, int W, int H) other) =>
        one.X < other.X + other.W && other.X < one.X + one.W && one.Y < other.Y + other.H && other.Y < one.Y + one.H;

    /// <summary>Instruments as the source makes them, as the exporter names them.</summary>
    private static IReadOnlyList<string> Ours() => Of("");

    private static IReadOnlyList<string> Of(string project) =>
    [
        .. System.IO.Directory.EnumerateFiles(Repository.PathTo("src", project), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value.Replace('.', '_'))
            .Distinct(),
    ];

    /// <summary>The exporter appends the unit, and to what only grows _total.</summary>
    private static bool IsOf(string name, string instrument) =>
        name == instrument || new[] { "_total", "_seconds", "_seconds_total", "_bytes", "_bytes_total", "_seconds_bucket", "_seconds_sum", "_seconds_count" }.Any(suffix => name == instrument + suffix);

    [GeneratedRegex("""(?:Create(?:Observable)?(?:Counter|Gauge|Histogram|UpDownCounter)(?:<\w+>)?|Count|Gauge)\(\s*"(?<name>sandcastle[._a-z]+)""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\b(?:sandcastle|kueue)_[a-z_]+\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bsandcastle_fleet_\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fleet();

    [GeneratedRegex(@"\bmax by \(namespace, worker, lot\) \(rate\(sandcastle_fleet_\w+\[[^]]+\]\)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Once();

    [GeneratedRegex(@"\babsent\(sandcastle_fleet_\w+\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Absent();

    [GeneratedRegex("""
        \G\w+\{[^}]*tenant=""[^}]*\}
        """, RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Operators();

    [GeneratedRegex("""
        "[^"]*"
        """, RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$\{?(?<name>\w+)\}?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variables();
}
