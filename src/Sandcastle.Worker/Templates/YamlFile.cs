using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Worker.Templates;

/// <summary>A file with one YAML document: a template, or a part of the seccomp policy.</summary>
internal static class YamlFile
{
    private const int MostCharacters = 1 << 20;

    /// <summary>What a file holds, or null when <paramref name="errors"/> grew: it is gone, or not ours to read.</summary>
    internal static string? Text(string file, List<TemplateError> errors)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(new TemplateError(file, 0, "", "cannot be read: " + exception.Message));
            return null;
        }
    }

    /// <summary>The document's root, or null when <paramref name="errors"/> grew.</summary>
    internal static YamlNode? Parse(string file, string text, List<TemplateError> errors)
    {
        if (text.Length > MostCharacters)
        {
            errors.Add(new TemplateError(file, 0, "", $"has more than {MostCharacters} characters"));
            return null;
        }

        var parser = new PlainYamlParser(new Parser(new StringReader(text)));
        try
        {
            var stream = new YamlStream();
            stream.Load(parser);
            if (stream.Documents.Count == 1)
            {
                return stream.Documents[0].RootNode;
            }

            errors.Add(new TemplateError(file, 0, "", $"has {stream.Documents.Count} documents; one is wanted"));
        }
        catch (YamlException exception)
        {
            errors.Add(new TemplateError(file, exception.Start.Line, "", exception.Message));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet has faults of its own, with some unfinished flows, stray anchors and escapes of what is no character.
            errors.Add(new TemplateError(file, parser.Current?.End.Line ?? 0, "", "what follows here is not YAML"));
        }

        return null;
    }
}
