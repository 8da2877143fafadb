namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_kind: what a message is. Below 100 they go to the jail, from 100 on to the worker.</summary>
internal enum MessageKind : uint
{
    KeepStart = 1,
    Execute = 2,
    Fit = 3,

    ZygoteStart = 10,
    SlotStart = 11,
    Find = 12,

    Fork = 20,

    Spawn = 30,
    Put = 31,
    Open = 32,
    Resize = 33,
    Io = 34,
    Kill = 35,
    Copy = 36,

    Job = 40,

    Error = 100,
    Started = 101,
    Ended = 102,
    KeepReady = 103,
    ZygoteStarted = 110,
    Found = 111,
    ChildExited = 112,
    ZygoteReady = 120,
    Forked = 121,
    Exited = 122,
    Exiting = 123,
    SlotReady = 130,
    Spawned = 131,
    Done = 132,
    Opened = 133,
    IoRead = 134,
    ProgramReady = 140,
}
