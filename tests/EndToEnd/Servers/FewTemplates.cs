namespace Sandcastle.EndToEnd.Servers;

/// <summary>
/// A SANDCASTLE_HOME with the templates python and bash alone. A daemon that is started to be killed warms up no more than is asked of
/// it: an interpreter with pandas, Node.js and a gVisor kernel take both processors for seconds.
/// </summary>
internal static class FewTemplates
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Home => Made.Value;

    private static string Make()
    {
        var home = Directory.CreateTempSubdirectory("sandcastle-home-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => home.Delete(recursive: true);
        foreach (var name in (string[])["artifacts", "guest", "policy"])
        {
            Directory.CreateSymbolicLink(Path.Combine(home.FullName, name), Path.Combine(Repository.Root, name));
        }

        var templates = home.CreateSubdirectory("templates").FullName;
        foreach (var name in (string[])["python.yaml", "bash.yaml"])
        {
            File.Copy(Path.Combine(Repository.Root, "templates", name), Path.Combine(templates, name));
        }

        return home.FullName;
    }
}
