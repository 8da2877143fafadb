namespace Sandcastle.Faults.Receipts;

/// <summary>The one cheap template that these tests need, so that a worker is back soon.</summary>
internal sealed class TemplateOfOne : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-one-");

    internal TemplateOfOne() => File.WriteAllText(
        Path.Combine(_directory.FullName, "bash.yaml"),
        "name: bash\nlanguage: command\ncommand: [/bin/bash, -c, '{code}', bash]\nready: 4\n");

    internal string[] Flags => ["--templates", _directory.FullName, "--own-templates-only"];

    public void Dispose() => _directory.Delete(recursive: true);
}
