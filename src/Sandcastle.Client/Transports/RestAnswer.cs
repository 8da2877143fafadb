namespace Sandcastle.Client.Transports;

/// <summary>An answer whose body is still to be read. Disposing it ends the exchange, also in the middle of the body.</summary>
internal sealed class RestAnswer(int status, TimeSpan? retryAfter, Stream body, IDisposable owner) : IDisposable
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public Stream Body { get; } = body;

    public bool Succeeded => Status is >= 200 and < 300;

    public void Dispose()
    {
        Body.Dispose();
        owner.Dispose();
    }
}
