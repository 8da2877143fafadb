using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.EndToEnd.Servers;

/// <summary>A real sandcastled on a free loopback port with a data directory of its own, as a user would start it.</summary>
public sealed partial class Daemon : IAsyncDisposable
{
    /// <summary>An emulated machine needs more.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("SANDCASTLE_START_SECONDS") ?? "120", CultureInfo.InvariantCulture));

    /// <summary>Longer than it gives itself to interrupt what runs and to take its slots down.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromMinutes(2);

    private readonly string _home;
    private readonly DirectoryInfo _data;
    private readonly StringWriter _log = new();

    private Daemon(string home, DirectoryInfo data, Process process)
    {
        _home = home;
        _data = data;
        Process = process;
    }

    public Process Process { get; private set; }

    public Uri Address { get; private set; } = null!;

    public string ApiKey => File.ReadAllText(Path.Combine(_data.FullName, "api-key")).Trim();

    public string DataDirectory => _data.FullName;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>With every template that is shipped.</summary>
    public static Task<Daemon> StartAsync(params string[] flags) => StartAtAsync(Repository.Root, flags);

    /// <summary>With the templates python and bash.</summary>
    public static Task<Daemon> StartSmallAsync(params string[] flags) => StartAtAsync(FewTemplates.Home, flags);

    /// <param name="home">Where it finds what it is shipped with.</param>
    /// <param name="flags">More for its command line.</param>
    public static Task<Daemon> StartAtAsync(string home, params string[] flags) => StartAsync([], home, MakeData(), flags);

    /// <summary>Starts it by way of another program that becomes it.</summary>
    /// <param name="launcher">Becomes it.</param>
    /// <param name="home">Where it finds what it is shipped with.</param>
    /// <param name="flags">More for its command line.</param>
    public static Task<Daemon> StartThroughAtAsync(string[] launcher, string home, params string[] flags) => StartAsync(launcher, home, MakeData(), flags);

    /// <summary>Starts another daemon on the data directory of one that is dead.</summary>
    public async Task<Daemon> SucceedAsync(params string[] flags)
    {
        await Process.WaitForExitAsync();
        return await StartAsync([], _home, _data, flags);
    }

    public SandcastleClient Connect() => new(new SandcastleClientOptions
    {
        Server = ServerAddress.Parse(Address.ToString()),
        ApiKey = ApiKey,
    });

    /// <summary>Waits until every available template has its ready slots and nothing runs.</summary>
    public async Task<IReadOnlyList<TemplateResponse>> SettleAsync(CancellationToken cancellationToken)
    {
        using var client = Connect();
        while (true)
        {
            var templates = await client.GetTemplatesAsync(cancellationToken);
            if (templates.Where(t => t.Available).All(t => t.Slots.Busy == 0 && t.Slots.Ready >= t.Slots.Wanted))
            {
                return templates;
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Skips a test, visibly, where a template is not available on this machine.</summary>
    public async Task RequireAsync(string template, CancellationToken cancellationToken)
    {
        using var client = Connect();
        var found = (await client.GetTemplatesAsync(cancellationToken)).Single(t => t.Name == template);
        Assert.SkipUnless(found.Available, $"template {template}: {found.Reason}");
    }

    /// <summary>Waits until so many programs run.</summary>
    public async Task WaitForBusyAsync(int atLeast, CancellationToken cancellationToken)
    {
        using var client = Connect();
        while ((await client.GetTemplatesAsync(cancellationToken)).Sum(t => t.Slots.Busy) < atLeast)
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var terminate = Process.Start("/bin/sh", ["-c", $"kill -TERM {Process.Id}"]);
        await terminate.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await TerminateAsync();
            await Process.WaitForExitAsync().WaitAsync(LeavePatience);
        }

        Process.Dispose();
        if (_data.Exists)
        {
            _data.Delete(recursive: true);
        }
    }

    private static DirectoryInfo MakeData() => Directory.CreateTempSubdirectory("sandcastle-e2e-");

    private static async Task<Daemon> StartAsync(string[] launcher, string home, DirectoryInfo data, string[] flags)
    {
        string[] where = flags.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        string[] command = [.. launcher, Repository.Daemon, .. where, "--data-dir", data.FullName, .. flags];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["SANDCASTLE_HOME"] = home;
        var daemon = new Daemon(home, data, Process.Start(start)!);
        await daemon.WaitForAddressAsync().WaitAsync(StartTimeout);
        return daemon;
    }

    private async Task WaitForAddressAsync()
    {
        Process.ErrorDataReceived += (_, line) => Note(line.Data);
        Process.BeginErrorReadLine();
        while (await Process.StandardOutput.ReadLineAsync() is { } line)
        {
            Note(line);
            if (AddressPattern().Match(line) is { Success: true } match)
            {
                Address = new Uri(match.Value);
                return;
            }
        }

        throw new InvalidOperationException($"sandcastled ended before it was ready:\n{Log}");
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.WriteLine(line);
        }
    }

    [GeneratedRegex(@"https?://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressPattern();
}
