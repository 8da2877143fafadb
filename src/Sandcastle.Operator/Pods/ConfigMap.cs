using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Pods;

/// <summary>Template files of a pool's workers: named after what they hold, and never changed.</summary>
public sealed record ConfigMap : KubeObject;
