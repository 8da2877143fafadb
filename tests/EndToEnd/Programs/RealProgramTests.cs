using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Programs;

/// <summary>Programs as people and models write them.</summary>
public sealed class RealProgramTests(SharedDaemon server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Python_with_twenty_standard_modules_succeeds()
    {
        const string Code = """
            import asyncio, base64, collections, csv, datetime, decimal, gzip, hashlib, io, itertools, json, logging
            import multiprocessing, os, pathlib, random, re, sqlite3, ssl, statistics, subprocess, tempfile, threading
            import urllib.parse, uuid, xml.etree.ElementTree as xml, zipfile, zoneinfo
            db = sqlite3.connect("data.db")
            db.execute("create table t(a, b)")
            db.executemany("insert into t values (?, ?)", [(i, i * i) for i in range(100)])
            db.commit()
            assert db.execute("select sum(b) from t").fetchone() == (328350,)
            with tempfile.TemporaryDirectory() as directory:
                path = pathlib.Path(directory, "a.json.gz")
                path.write_bytes(gzip.compress(json.dumps({"x": [1, 2]}).encode()))
                assert json.loads(gzip.decompress(path.read_bytes())) == {"x": [1, 2]}
            assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 50
            assert datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset().seconds == 7200
            assert subprocess.check_output(["sort"], input="b\na\n", text=True) == "a\nb\n"
            with multiprocessing.Pool(2) as pool:
                assert pool.map(abs, [-1, -2]) == [1, 2]
            async def tick():
                await asyncio.sleep(0.01); return "tick"
            assert asyncio.run(tick()) == "tick"
            thread = threading.Thread(target=lambda: logging.getLogger("x").info("y")); thread.start(); thread.join()
            buffer = io.StringIO(); csv.writer(buffer).writerow(["a", 'b"c']); assert buffer.getvalue() == 'a,"b""c"\r\n'
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as zipped: zipped.writestr("f", "g")
            assert re.fullmatch(r"\d{4}", "2026") and decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")
            assert xml.fromstring("<a><b/></a>").find("b") is not None
            assert hashlib.sha256(base64.b64decode("aGk=")).hexdigest().startswith("8f434346")
            assert statistics.median(collections.Counter("aab").values()) == 1.5
            print("all", os.getcwd(), next(itertools.count(7)), urllib.parse.quote("a b"), len(str(uuid.uuid4())), random.choice([1]))
            """;
        var run = await server.RunAsync("python", Code);

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldBe("all /home/user 7 a%20b 36 1\n");
        run.Outcome.ShouldBe(Outcome.Succeeded);
    }

    [Fact]
    public async Task Python_data_script_returns_a_picture()
    {
        await server.Daemon.RequireAsync("python-data", Cancelled);
        const string Code = """
            import matplotlib.pyplot as plt, numpy as np, pandas as pd
            frame = pd.DataFrame({"x": np.arange(50), "y": np.arange(50) ** 2})
            print(int(frame.groupby(frame.x % 3).y.sum().sum()))
            frame.plot(x="x", y="y"); plt.savefig("out/plot.png") if __import__("os").makedirs("out") is None else None
            """;
        var run = await server.RunAsync(new RunRequest { Template = "python-data", Code = Code, Collect = ["out/*.png"] });

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldBe("40425\n");
        var picture = run.Files.ShouldHaveSingleItem();
        picture.Path.ShouldBe("out/plot.png");
        Convert.FromBase64String(picture.ContentBase64!)[..8].ShouldBe([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
    }

    [Fact]
    public async Task Python_data_multiplies_matrices_with_threads()
    {
        await server.Daemon.RequireAsync("python-data", Cancelled);
        const string Code = """
            import numpy as np
            a = np.random.rand(600, 600)
            print(np.allclose(a @ np.linalg.inv(a), np.eye(600), atol=1e-4), np.random.random() != np.random.random())
            """;
        (await server.RunAsync("python-data", Code)).Stdout.ShouldBe("True True\n");
        var first = await server.RunAsync("python-data", "import numpy as np; print(np.random.random(), np.random.default_rng().random())");
        var second = await server.RunAsync("python-data", "import numpy as np; print(np.random.random(), np.random.default_rng().random())");
        first.Stdout.Split().Intersect(second.Stdout.Split()).ShouldBe([""]);
    }

    [Fact]
    public async Task Node_module_with_imports_and_top_level_await_succeeds()
    {
        await server.Daemon.RequireAsync("node", Cancelled);
        const string Code = """
            import { createHash } from "node:crypto";
            import { readFile, writeFile } from "node:fs/promises";
            import { double } from "./lib/double.mjs";
            await writeFile("a.txt", "hi");
            console.log(createHash("sha256").update(await readFile("a.txt")).digest("hex").slice(0, 8), double(21), process.argv[2]);
            console.error(await new Promise((done) => setTimeout(() => done("later"), 5)));
            """;
        var run = await server.RunAsync(new RunRequest
        {
            Template = "node",
            Code = Code,
            Args = ["first"],
            Files = [new() { Path = "lib/double.mjs", Content = "export const double = (x) => 2 * x;" }],
        });

        run.Stderr.ShouldBe("later\n");
        run.Stdout.ShouldBe("8f434346 42 first\n");
    }

    [Fact]
    public async Task Node_script_in_the_old_style_succeeds()
    {
        await server.Daemon.RequireAsync("node", Cancelled);
        const string Code = """
            const os = require("os");
            process.stdin.on("data", (data) => console.log("got " + data));
            import("node:path").then((path) => console.log(path.join("a", "b"), os.EOL.length));
            """;
        var run = await server.RunAsync(new RunRequest { Template = "node", Code = Code, Stdin = "input" });

        run.Stderr.ShouldBeEmpty();
        run.Stdout.Split('\n').Order(StringComparer.Ordinal).ShouldBe(["", "a/b 1", "got input"]);
    }

    [Fact]
    public async Task Bash_pipeline_succeeds()
    {
        const string Code = """
            set -euo pipefail
            printf '%s\n' pear apple fig | sort | tee sorted.txt | awk '{ print NR ": " $0 }'
            diff <(sort sorted.txt) sorted.txt && echo same
            for i in 1 2 3; do echo "$1 $i" & done; wait
            """;
        var run = await server.RunAsync(new RunRequest { Template = "bash", Code = Code, Args = ["arg"] });

        run.Stderr.ShouldBeEmpty();
        run.Stdout.ShouldStartWith("1: apple\n2: fig\n3: pear\nsame\n");
        run.Stdout.Split('\n').Count(line => line.StartsWith("arg ", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Bash_writer_whose_reader_left_ends_by_SIGPIPE()
    {
        var run = await server.RunAsync("bash", "yes | head -1; echo ${PIPESTATUS[0]}");

        run.Stdout.ShouldBe("y\n141\n");
    }

    [Theory]
    [InlineData("python")]
    [InlineData("bash")]
    [InlineData("node")]
    public async Task Argv_is_executed_on_every_template(string template)
    {
        await server.Daemon.RequireAsync(template, Cancelled);
        var run = await server.RunAsync(new RunRequest { Template = template, Argv = ["sh", "-c", "echo $0 $A; exit 4", "zero"], Env = new Dictionary<string, string> { ["A"] = "b" } });

        (run.Stdout, run.Stderr, run.ExitCode).ShouldBe(("zero b\n", "", 4));
    }

    [Fact]
    public async Task Argv_that_cannot_be_found_exits_127()
    {
        var run = await server.RunAsync(new RunRequest { Template = "bash", Argv = ["no-such-program"] });

        run.ExitCode.ShouldBe(127);
        run.Stderr.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task Output_that_is_not_text_comes_back_exact_or_replaced_as_asked()
    {
        const string Code = "import sys; sys.stdout.buffer.write(bytes([0xff, 65, 0xc3, 0x28, 0]))";
        (await server.RunAsync("python", Code)).Stdout.ShouldBe("�A�(\0");
        var exact = await server.RunAsync(new RunRequest { Template = "python", Code = Code, Encoding = "base64" });
        Convert.FromBase64String(exact.Stdout).ShouldBe([0xff, 65, 0xc3, 0x28, 0]);
    }

    [Fact]
    public async Task Code_of_many_packets_arrives_whole()
    {
        var text = new string('x', 3 << 20);
        var run = await server.RunAsync("python", $"print(len('{text}'))");

        run.Stdout.ShouldBe($"{3 << 20}\n");
    }
}
