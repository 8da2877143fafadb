namespace Sandcastle.Client.Events;

/// <summary>One event of a run that is watched live: <see cref="RunQueued"/> while it waits, <see cref="RunStarted"/>, any number of <see cref="RunOutput"/>, then <see cref="RunEnded"/>.</summary>
public abstract record RunEvent;
