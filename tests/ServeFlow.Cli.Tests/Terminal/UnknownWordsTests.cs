using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>What a mistyped command line is answered: one line that names what is wrong and nothing else.</summary>
public sealed class UnknownWordsTests
{
    [Theory]
    [InlineData("serve b -r x.pcap --wrokers 2", "unknown option '--wrokers'; did you mean '--workers'?")]
    [InlineData("serve b -r x.pcap --wrokers=2", "unknown option '--wrokers'; did you mean '--workers'?")]
    [InlineData("serve b -r x.pcap tcp --sped max", "unknown option '--sped'; did you mean '--speed'?")]
    [InlineData("serve b -r x.pcap -z", "unknown option '-z'")]
    [InlineData("classify b --raed x.pcap", "unknown option '--raed'; did you mean '--read'?")]
    [InlineData("classify b -r x.pcap -w --jsno", "unknown option '--jsno'; did you mean '--json'?")]
    [InlineData("classify b -r x.pcap -w --json", "'--json' stands where an option before it needs a value")]
    [InlineData("train --lables l.csv -r x -o b", "unknown option '--lables'; did you mean '--labels'?")]
    [InlineData("train -r x -o b --something-else 1", "unknown option '--something-else'")]
    [InlineData("clasify b -r x.pcap --json", "unknown command 'clasify'; did you mean 'classify'?")]
    [InlineData("model shwo b", "unknown command 'shwo'; did you mean 'show'?")]
    [InlineData("bench rat b", "unknown command 'rat'; did you mean 'rate'?")]
    [InlineData("frobnicate", "unknown command 'frobnicate'")]
    [InlineData("classify  -r x.pcap", "BUNDLE is empty: give one")]
    [InlineData("model show ", "PATH is empty: give one")]
    [InlineData("classify b -r ", "--read is empty: give PATH")]
    [InlineData("train -r x -o b --import a.onnx ", "--import is empty: give FILE[@PACKETS]")]
    [InlineData("classify b -r x.pcap y.pcap", "'y.pcap': one argument too many")]
    [InlineData("classify b -r x.pcap --format evee", "--format: 'evee': give 'eve' or 'csv' or 'zeek' or 'parquet'")]
    public void From_TypingError_NamesItAlone(string line, string expected) =>
        Assert.StartsWith($"{expected} (see 'serveflow ", Say(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("serve b -r x.pcap tcp port 443")]
    [InlineData("serve b -r x.pcap -- -1 = tcp[0]")]
    [InlineData("serve b -r - --eve -")]
    [InlineData("train -r x -o b --mask -ports --seed -5")]
    [InlineData("classify @b -r @x.pcap")]
    [InlineData("classify b -r x.pcap -q")]
    public void From_WordsThatMeanSomething_AreLeftAlone(string line) => Assert.Equal("", Say(line));

    [Theory]
    [InlineData("serve b -r x --workers 1000", "--workers '1000': give a whole number from 1 to ")]
    [InlineData("classify b -r x --workers 1000", "--workers '1000': give a whole number from 1 to ")]
    [InlineData("train -r x -o b --threads 100000", "--threads '100000': give a whole number from 1 to ")]
    [InlineData("serve b -i lo --speed 3", "--speed: is about replays")]
    [InlineData("serve b -r x -s 96", "-s: is about interfaces")]
    [InlineData("serve b -r x -B 1024", "--buffer: is about interfaces")]
    [InlineData("serve b -r x -p", "--no-promiscuous-mode: is about interfaces")]
    [InlineData("serve b -r x --backend pcap", "--backend: is about interfaces")]
    [InlineData("serve b -i lo -i lo", "-i lo: is given twice")]
    [InlineData("serve b -r x -C 10", "-C: says how the packets of chosen flows are kept")]
    [InlineData("serve b -r x --dump-to d", "--dump-to: says how the packets of chosen flows are kept")]
    [InlineData("serve b -r x --csv-safe", "--csv-safe: is about CSV")]
    [InlineData("serve b -r x --csv-names nfstream --eve e", "--csv-names: is about CSV")]
    [InlineData("serve b -r x --stats-json s --stats-interval 0", "--stats-json: gets nothing")]
    [InlineData("classify b -r x --csv-names nfstream", "--csv-names: is about CSV")]
    [InlineData("features -r x --format npz -w o --csv-safe", "--csv-safe: is about CSV")]
    [InlineData("features -r x --format nprint --packets 3", "--packets: --format nprint has a row for every packet")]
    [InlineData("evaluate b -r x --load l", "--load: is about the report")]
    [InlineData("evaluate b -r x --csv-safe", "--csv-safe: is about CSV")]
    [InlineData("train -r x -o b --import-labels a,b", "--import-labels: names the classes of imported models")]
    [InlineData("train -r x -o b --unknown-budget 0.1", "--unknown-budget: is about unknown flows")]
    [InlineData("bench model --model m --columns 64", "--columns: is about the model that is trained")]
    public void From_OptionWithoutEffect_IsRefused(string line, string expected) =>
        Assert.StartsWith(expected, Say(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("serve b -r x --csv f --csv-safe --csv-names nfstream")]
    [InlineData("serve b -r x --format csv --csv-safe")]
    [InlineData("serve b -i lo -s 96 -B 1024 -p --backend pcap")]
    [InlineData("serve b -r x --stats-json s")]
    [InlineData("serve b -r x --dump-flows label=a --dump-to d -C 10")]
    [InlineData("features -r x --csv-safe")]
    [InlineData("features -r x --format nprint")]
    [InlineData("evaluate b -r x --report r --load l --csv-safe")]
    [InlineData("evaluate b -r x --predictions p.csv --csv-safe")]
    [InlineData("bench model --columns 64")]
    public void From_OptionWithEffect_IsTaken(string line) => Assert.Equal("", Say(line));

    [Theory]
    [InlineData("workers", "workers", 0)]
    [InlineData("wrokers", "workers", 1)]
    [InlineData("worker", "workers", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("ca", "abc", 3)]
    public void Compute_TwoWords_CountsTypingErrors(string from, string to, int expected) =>
        Assert.Equal(expected, EditDistance.Compute(from, to));

    static string Say(string line)
    {
        var words = line.Split(' ');
        var parsed = CommandRunner.Parse(RootVerbs.Create(), words);
        var unknown = UnknownWords.Find(parsed, words);
        return unknown.Count + parsed.Errors.Count == 0 ? "" : UserMessage.From(parsed, unknown);
    }
}
