using System.IO.Pipelines;
using System.Text;
using Sandcastle.Manager.Ledger.Export;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Ledger;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@a", "'@a")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    public async Task Write_anyName_isOneFieldAndNoFormula(string name, string expected)
    {
        var receipt = Receipts.New(template: name);
        using var text = new MemoryStream();
        var output = PipeWriter.Create(text);
        await ReceiptFormat.Csv.WriteAsync(new[] { receipt }.ToAsyncEnumerable(), output, TestContext.Current.CancellationToken);
        await output.CompleteAsync();
        Encoding.UTF8.GetString(text.ToArray()).ShouldContain($"\n{receipt.Run},default,{expected},fork,");
    }
}
