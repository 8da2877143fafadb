using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

public sealed class PodSecurityBaselineTests
{
    [Fact]
    public void Violations_of_the_worker_that_is_shipped_are_none() => PodSecurityBaseline.Violations(Worker()).ShouldBeEmpty();

    /// <summary>The check itself is checked: one change each, and what it says.</summary>
    [Theory]
    [InlineData("hostNetwork", "true", "hostNetwork")]
    [InlineData("hostPID", "true", "hostPID")]
    [InlineData("hostIPC", "true", "hostIPC")]
    [InlineData("hostUsers", "true", "worker: procMount")]
    [InlineData("volumes", """[{"name":"v","hostPath":{"path":"/"}}]""", "volumes[v].hostPath")]
    [InlineData("securityContext", """{"sysctls":[{"name":"kernel.msgmax","value":"1"}]}""", "sysctl kernel.msgmax")]
    [InlineData("securityContext", """{"seccompProfile":{"type":"Unconfined"}}""", "pod: seccompProfile")]
    [InlineData("containers.0.securityContext.privileged", "true", "worker: privileged")]
    [InlineData("containers.0.securityContext.capabilities.add", """["SYS_ADMIN"]""", "worker: capability SYS_ADMIN")]
    [InlineData("containers.0.securityContext.capabilities.add", """["CAP_SETUID"]""", "worker: capability CAP_SETUID")]
    [InlineData("containers.0.securityContext.seccompProfile", """{"type":"Unconfined"}""", "worker: seccompProfile")]
    [InlineData("containers.0.securityContext.appArmorProfile", """{"type":"Unconfined"}""", "worker: appArmorProfile")]
    [InlineData("containers.0.securityContext.seLinuxOptions", """{"type":"spc_t"}""", "worker: seLinuxOptions")]
    [InlineData("containers.0.securityContext.seLinuxOptions", """{"role":"r"}""", "worker: seLinuxOptions")]
    [InlineData("containers.0.securityContext.windowsOptions", """{"hostProcess":true}""", "worker: hostProcess")]
    [InlineData("containers.0.ports", """[{"containerPort":1,"hostPort":1}]""", "worker: hostPort")]
    [InlineData("containers.0.livenessProbe", """{"httpGet":{"host":"a","port":1}}""", "worker: livenessProbe.httpGet.host")]
    [InlineData("containers.0.lifecycle", """{"preStop":{"tcpSocket":{"host":"a","port":1}}}""", "worker: preStop.tcpSocket.host")]
    public void Violations_of_one_that_breaks_a_control_name_it(string path, string value, string violation)
    {
        var pod = Worker();
        var names = path.Split('.');
        JsonNode at = pod;
        foreach (var name in names[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(name)]! : at[name]!;
        }

        at[names[^1]] = JsonNode.Parse(value);

        PodSecurityBaseline.Violations(pod).ShouldBe([violation]);
    }

    private static JsonObject Worker() =>
        YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "node-check.yaml")).Single().PodSpec()!;
}
