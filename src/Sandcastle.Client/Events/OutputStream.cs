namespace Sandcastle.Client.Events;

/// <summary>The two streams that a program writes to.</summary>
public enum OutputStream
{
    Stdout,
    Stderr,
}
