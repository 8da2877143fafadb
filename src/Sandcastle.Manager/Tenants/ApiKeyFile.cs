namespace Sandcastle.Manager.Tenants;

/// <summary>The key's file, <c>&lt;data-dir&gt;/api-key</c>: made once, mode 0600, one line.</summary>
public static class ApiKeyFile
{
    public const string Name = "api-key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key, or makes it at the first start.</summary>
    /// <exception cref="InvalidOperationException">The file holds no key, or others may read it.</exception>
    public static ApiKey LoadOrCreate(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        return File.Exists(path) ? Load(path) : Create(path);
    }

    /// <summary>Reads a key that was put there for this manager and others: who may read it there is for whoever put it there to say.</summary>
    /// <exception cref="InvalidOperationException">The file is not there, cannot be read, or holds no key.</exception>
    public static ApiKey LoadShared(string path)
    {
        try
        {
            return ApiKey.TryParse(File.ReadAllText(path).TrimEnd('\n'))
                ?? throw new InvalidOperationException($"{path} holds no key (e2b_ and 40 hexadecimal digits)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path}: {e.Message}", e);
        }
    }

    private static ApiKey Load(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"{path} may be read by others; its mode must be 0600 (chmod 600, or delete it for a new key)");
        }

        return ApiKey.TryParse(File.ReadAllText(path).TrimEnd('\n'))
            ?? throw new InvalidOperationException($"{path} holds no key (e2b_ and 40 hexadecimal digits); delete it and the next start makes one");
    }

    private static ApiKey Create(string path)
    {
        var key = ApiKey.New();
        var draft = path + ".new";

        // Written aside and renamed: a start that is killed half way leaves no empty key behind, and an old draft would keep its mode.
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new StreamWriter(draft, options))
        {
            file.Write(key.Reveal() + "\n");
        }

        File.Move(draft, path);
        return key;
    }
}
