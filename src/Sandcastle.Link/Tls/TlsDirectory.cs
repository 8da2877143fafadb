using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Link.Tls;

/// <summary>
/// A mounted secret: <c>tls.crt</c> (with what lies between it and its authority, if anything), <c>tls.key</c> and <c>ca.crt</c> (one or, while it
/// is rotated, more). Read again when the files have changed, at most once a second; new connections use the new ones, those that are open go on. Safe for concurrent use.
/// </summary>
public sealed class TlsDirectory
{
    private const string CertificateName = "tls.crt";
    private const string KeyName = "tls.key";
    private const string AuthorityName = "ca.crt";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private TlsMaterial _current;
    private DateTime _changed;
    private long _lookedAt;

    /// <exception cref="InvalidOperationException">A file is missing, or is not what its name says.</exception>
    public TlsDirectory(string path, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        _changed = Changed();
        _current = Load();
        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>What is in force now. Files that are half written or wrong leave the old ones in force.</summary>
    public TlsMaterial Current
    {
        get
        {
            lock (_gate)
            {
                if (_clock.GetElapsedTime(_lookedAt) >= LookAgain)
                {
                    _lookedAt = _clock.GetTimestamp();
                    Renew();
                }

                return _current;
            }
        }
    }

    private void Renew()
    {
        try
        {
            var changed = Changed();
            if (changed != _changed)
            {
                // The one before is not disposed of: handshakes may still use it, and its finalizer comes.
                _current = Load();
                _changed = changed;
            }
        }
        catch (InvalidOperationException)
        {
            // Looked at again in a second.
        }
    }

    private DateTime Changed()
    {
        try
        {
            // A kubelet swaps a symbolic link, and the files behind it are new ones: so what they point to counts.
            return new[] { CertificateName, KeyName, AuthorityName }
                .Max(name => File.GetLastWriteTimeUtc(File.ResolveLinkTarget(Path.Combine(_path, name), returnFinalTarget: true)?.FullName ?? Path.Combine(_path, name)));
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"{_path}: {e.Message}", e);
        }
    }

    private TlsMaterial Load()
    {
        try
        {
            // The platform's TLS wants a key that it can hand to its library, which one read from PEM is not until it was exported.
            using var read = X509Certificate2.CreateFromPemFile(Path.Combine(_path, CertificateName), Path.Combine(_path, KeyName));
            var own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pfx), password: null);
            var shown = new X509Certificate2Collection();
            shown.ImportFromPemFile(Path.Combine(_path, CertificateName));
            shown.RemoveAt(0);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(_path, AuthorityName));
            return authorities.Count > 0
                ? new TlsMaterial(own, shown, authorities)
                : throw new InvalidOperationException($"{Path.Combine(_path, AuthorityName)} holds no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"{_path} must hold {CertificateName}, {KeyName} and {AuthorityName}: {e.Message}", e);
        }
    }
}
