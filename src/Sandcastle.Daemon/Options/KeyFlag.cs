using System.CommandLine;
using Sandcastle.Daemon.Roles;

namespace Sandcastle.Daemon.Options;

/// <summary><c>--api-key-file</c>: one key for managers side by side.</summary>
internal sealed class KeyFlag
{
    private readonly Option<string?> _file = new("--api-key-file")
    {
        Description = "Holds the server's API key, where managers side by side share one; default: one of its own, made at the first start in <data-dir>/api-key",
        HelpName = "FILE",
    };

    internal void AddTo(Command command) => command.Options.Add(_file);

    /// <returns>Absolute; null for the data directory's.</returns>
    internal string? Read(ParseResult result, Role role, List<string> faults)
    {
        if (result.GetValue(_file) is not { } path)
        {
            return null;
        }

        if (role is not (Role.All or Role.Manager))
        {
            faults.Add("--api-key-file is a manager's; this is a process of another role");
        }
        else if (!File.Exists(path))
        {
            faults.Add($"--api-key-file: '{path}' is no file");
        }

        return Path.GetFullPath(path);
    }
}
