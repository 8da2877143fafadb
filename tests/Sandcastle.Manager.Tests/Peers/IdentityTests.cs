using System.Net;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Peers;

/// <summary>Names of managers and ids of runs, by which one finds the other.</summary>
public sealed class IdentityTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("10.1.2.3:8443")]
    [InlineData("[fd00::7]:8443")]
    public void Name_saysOriginAndAddress(string? address)
    {
        var endPoint = address is null ? null : IPEndPoint.Parse(address);
        var self = ManagerIdentity.New(endPoint);
        ManagerIdentity.TryReadOrigin(self.Name, out var origin).ShouldBeTrue();
        origin.ShouldBe(self.Origin);
        ManagerIdentity.TryReadAddress(self.Name, out var read).ShouldBe(address is not null);
        read.ShouldBe(endPoint);
        RunId.New(self.Origin).Origin.ShouldBe(self.Origin);
    }

    [Theory]
    [InlineData("")]
    [InlineData("elsewhere")]
    [InlineData("host-12345")]
    [InlineData("host-xyzw1234")]
    [InlineData("@10.0.0.1:1")]
    public void Name_ofNoManager_hasNoOrigin(string name) => ManagerIdentity.TryReadOrigin(name, out _).ShouldBeFalse();

    [Theory]
    [InlineData("host-12345678@")]
    [InlineData("host-12345678@example.org:8443")]
    [InlineData("host-12345678@10.0.0.1")]
    [InlineData("host-12345678@10.0.0.1:0")]
    [InlineData("host-12345678@10.0.0.1:66000")]
    public void Name_withNoAddress_isReachedNowhere(string name) => ManagerIdentity.TryReadAddress(name, out _).ShouldBeFalse();

    [Fact]
    public void Id_ofEveryOrigin_isReadBack()
    {
        foreach (var origin in (ushort[])[0, 1, 0x0abc, ushort.MaxValue])
        {
            var id = RunId.New(origin);
            RunId.Parse(id.Value).Origin.ShouldBe(origin);
            id.Value.ShouldMatch("^run_[0-9a-f]{24}$");
        }

        RunId.New().ShouldNotBe(RunId.New());
        default(RunId).Origin.ShouldBe((ushort)0);
    }
}
