using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Tests.Client;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("unix:/run/x.sock", "unix:/run/x.sock", true)]
    [InlineData("unix:///run/x.sock", "unix:/run/x.sock", true)]
    [InlineData("127.0.0.1:7700", "http://127.0.0.1:7700/", true)]
    [InlineData("http://[::1]:7700", "http://[::1]:7700/", true)]
    [InlineData("localhost:7700", "http://localhost:7700/", true)]
    [InlineData("https://example.org/sandcastle", "https://example.org/sandcastle/", false)]
    [InlineData("10.0.0.1:80", "http://10.0.0.1/", false)]
    public void TryParse_address_says_where_and_whether_it_is_here(string text, string expected, bool isLocal)
    {
        ServerAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(expected);
        address.IsLocal.ShouldBe(isLocal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("ftp://example.org")]
    [InlineData("http://")]
    [InlineData("a b")]
    public void TryParse_anything_else_is_refused(string text) => ServerAddress.TryParse(text, out _).ShouldBeFalse();
}
