namespace Sandcastle.Testing.ApiServer.Faults;

/// <summary>When a write fails, as its client sees it.</summary>
public enum FaultMoment
{
    /// <summary>Nothing was changed.</summary>
    BeforeEffect,

    /// <summary>The change is made; only the answer is lost or wrong.</summary>
    AfterEffect,
}
