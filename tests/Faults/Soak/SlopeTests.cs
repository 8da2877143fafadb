namespace Sandcastle.Faults.Soak;

public sealed class SlopeTests
{
    [Fact]
    public void Of_points_on_a_line_is_its_slope() => Slope.Of([(0, 5), (10, 25), (20, 45)]).ShouldBe(2, 1e-9);

    [Fact]
    public void Of_scattered_points_is_the_least_squares() => Slope.Of([(0, 0), (1, 2), (2, 1), (3, 3)]).ShouldBe(0.8, 1e-9);

    [Fact]
    public void Of_one_point_is_nothing() => Slope.Of([(1, 1)]).ShouldBe(0);
}
