using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Faults;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Tests.Watching;

namespace Sandcastle.Testing.ApiServer.Tests.Faults;

public sealed class FaultTests : ServerTest
{
    [Fact]
    public async Task RestartAsync_breaks_connections_and_keeps_port_and_state()
    {
        await CreateAsync("a");
        var (url, list) = (Server.Url, await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation));
        using var watch = new WatchReader(await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/configmaps?watch=true&resourceVersion={list.Metadata.ResourceVersion}"));

        await Server.RestartAsync(Cancellation);

        await Should.ThrowAsync<Exception>(watch.NextAsync);
        Server.Url.ShouldBe(url);
        (await Client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: Cancellation)).Metadata.Name.ShouldBe("a");
        await CreateAsync("b");
        using var resumed = new WatchReader(await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/configmaps?watch=true&resourceVersion={list.Metadata.ResourceVersion}"));
        (await resumed.ReadAsync(1)).ShouldBe(["ADDED b"]);
    }

    [Fact]
    public async Task StopListeningAsync_refuses_connections_until_it_listens_again()
    {
        await Server.StopListeningAsync();
        await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("a"));

        await Server.ListenAsync(Cancellation);

        await CreateAsync("a");
    }

    [Fact]
    public async Task FailWrites_before_the_effect_changes_nothing()
    {
        Server.Faults.FailWrites(1, FaultMoment.BeforeEffect);

        await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("a"));

        Server.Objects.Find("configmaps", "default", "a").ShouldBeNull();
        await CreateAsync("a");
    }

    [Fact]
    public async Task FailWrites_after_the_effect_loses_only_the_answer()
    {
        Server.Faults.FailWrites(1, FaultMoment.AfterEffect);

        await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("a"));

        Server.Objects.Find("configmaps", "default", "a").ShouldNotBeNull();
        (await RefusedAsync(() => CreateAsync("a"))).Reason.ShouldBe("AlreadyExists");
    }

    [Theory]
    [InlineData(FaultForm.InternalError, 500, "InternalError")]
    [InlineData(FaultForm.Unavailable, 503, "ServiceUnavailable")]
    [InlineData(FaultForm.Timeout, 504, "Timeout")]
    [InlineData(FaultForm.TooManyRequests, 429, "TooManyRequests")]
    public async Task FailWrites_form_is_what_the_client_sees(FaultForm form, int code, string reason)
    {
        Server.Faults.FailWrites(1, FaultMoment.AfterEffect, form);

        var status = await RefusedAsync(() => CreateAsync("a"));

        status.Code.ShouldBe(code);
        status.Reason.ShouldBe(reason);
        Server.Objects.Find("configmaps", "default", "a").ShouldNotBeNull();
    }

    [Fact]
    public async Task FailWrites_takes_those_that_match_and_so_many_of_them()
    {
        Server.Faults.FailWrites(1, FaultMoment.BeforeEffect, FaultForm.Unavailable, request => request.Resource == "secrets");

        await CreateAsync("a");
        await Client.CoreV1.ListNamespacedSecretAsync("default", cancellationToken: Cancellation);
        (await RefusedAsync(() => Client.CoreV1.CreateNamespacedSecretAsync(Secret(), "default", cancellationToken: Cancellation))).Code.ShouldBe(503);
        await Client.CoreV1.CreateNamespacedSecretAsync(Secret(), "default", cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CutOff_client_is_killed_after_so_many_writes(bool losesLastAnswer)
    {
        Server.Users.Add(new User { Name = "operator", Token = "operator-token", Groups = [Caller.MastersGroup] });
        using var client = Server.CreateClient("operator");
        using var cut = Server.Faults.CutOff(request => request.User == "operator", afterWrites: 2, losesLastAnswer);

        await CreateAsync("a", client);
        await CreateAsync("not-counted");
        if (losesLastAnswer)
        {
            await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("b", client));
        }
        else
        {
            await CreateAsync("b", client);
        }

        await cut.Happened.WaitAsync(Cancellation);
        await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("c", client));
        await Should.ThrowAsync<HttpRequestException>(() => client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation));
        await CreateAsync("others-go-on");
        Server.Objects.List("configmaps", "default").Select(one => one["metadata"]!["name"]!.GetValue<string>()).ShouldBe(["a", "b", "not-counted", "others-go-on"]);
    }

    [Fact]
    public async Task CutOff_disposed_lets_the_client_back_in()
    {
        using (Server.Faults.CutOff(_ => true, afterWrites: 0))
        {
            await Should.ThrowAsync<HttpRequestException>(() => CreateAsync("a"));
        }

        await CreateAsync("a");
    }

    [Fact]
    public async Task RefuseEverything_refuses_reads_too()
    {
        Server.Faults.RefuseEverything = true;

        (await RefusedAsync(() => Client.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation))).Code.ShouldBe(503);

        Server.Faults.Clear();
        await CreateAsync("a");
    }

    [Fact]
    public async Task WriteLatency_holds_the_effect_back()
    {
        Server.Faults.WriteLatency = TimeSpan.FromMinutes(10);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var write = Client.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap("a"), "default", cancellationToken: giveUp.Token);
        // Reads are not held, and the write that is has no effect.
        (await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation)).Items.ShouldBeEmpty();
        write.IsCompleted.ShouldBeFalse();
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task Requests_log_says_who_did_what()
    {
        Server.Requests.Clear();
        await CreateAsync("a");
        await RefusedAsync(() => CreateAsync("a"));
        await Client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch(JsonNode.Parse("{}"), V1Patch.PatchType.MergePatch), "a", "default", cancellationToken: Cancellation);
        await Client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancellation);

        Server.Requests.Writes.Select(one => $"{one.Request.Verb} {one.Request.Resource} {one.Request.Name} {one.Status}")
            .ShouldBe(["create configmaps  201", "create configmaps  409", "patch configmaps a 200"]);
        Server.Requests.All.Count.ShouldBe(4);
        Server.Requests.All.ShouldAllBe(one => one.Request.User == "kubernetes-admin" && one.Request.Namespace == "default");
    }

    private Task<V1ConfigMap> CreateAsync(string name, Kubernetes? client = null) =>
        (client ?? Client).CoreV1.CreateNamespacedConfigMapAsync(ConfigMap(name), "default", cancellationToken: Cancellation);

    private static V1Secret Secret() => new() { Metadata = new() { Name = "s" } };
}
