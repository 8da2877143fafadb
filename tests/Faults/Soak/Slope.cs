namespace Sandcastle.Faults.Soak;

/// <summary>The straight line that fits some points best (least squares).</summary>
public static class Slope
{
    /// <summary>How much <c>Y</c> grows for one more of <c>X</c>; 0 for fewer than two points.</summary>
    public static double Of(IReadOnlyCollection<(double X, double Y)> points)
    {
        if (points.Count < 2)
        {
            return 0;
        }

        var (meanX, meanY) = (points.Average(p => p.X), points.Average(p => p.Y));
        var spread = points.Sum(p => (p.X - meanX) * (p.X - meanX));
        return spread > 0 ? points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / spread : 0;
    }
}
