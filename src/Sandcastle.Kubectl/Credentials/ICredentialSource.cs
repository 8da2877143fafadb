namespace Sandcastle.Kubectl.Credentials;

/// <summary>Gives the credentials of one request; the same object as long as they have not changed.</summary>
internal interface ICredentialSource
{
    /// <exception cref="Cli.CommandException">There are none to be had.</exception>
    ValueTask<Credential> GetAsync(CancellationToken cancellationToken);
}
