using CsCheck;
using ServeFlow.Flows;
using Xunit;

namespace ServeFlow.Tests.Flows;

/// <summary>The index beside a dictionary, while it grows step by step.</summary>
public sealed class FlowIndexTests
{
    /// <param name="limit">The most flows; the index doubles until it has room for them.</param>
    /// <param name="places">The places of a block at which all probing starts, counted from its end: with few of them,
    /// runs of entries are long and go from the block's end to its beginning.</param>
    [Theory]
    [InlineData(9000, uint.MaxValue, 1)]
    [InlineData(9000, uint.MaxValue, 2)]
    [InlineData(9000, 4000u, 3)]
    [InlineData(3000, 500u, 4)]
    [InlineData(1500, 60u, 5)]
    public void AddAndRemove_InAnyOrder_EveryFlowIsFoundOnceAtAnyTime(int limit, uint places, int seed)
    {
        var random = new Random(seed);
        var index = new FlowIndex(limit);
        var (flows, free) = (new List<(int Flow, ulong Hash)>(), new Stack<int>(Enumerable.Range(0, limit)));
        for (var step = 0; step < 3 * limit; step++)
        {
            if (flows.Count == 0 || (free.Count > 0 && random.Next(4) > 0))
            {
                var flow = (Flow: free.Pop(), Hash: (ulong)(uint.MaxValue - random.NextInt64(places)) << 32);
                index.Add(flow.Hash, flow.Flow);
                flows.Add(flow);
            }
            else
            {
                var place = random.Next(flows.Count);
                var (flow, hash) = flows[place];
                (flows[place], flows[^1]) = (flows[^1], flows[place]);
                flows.RemoveAt(flows.Count - 1);
                index.Remove(hash, flow);
                free.Push(flow);
                Assert.DoesNotContain(flow, Search(index, hash));
            }

            Assert.Equal(flows.Count, index.Count);
            Assert.InRange(index.Bytes, 1, FlowIndex.BytesFor(limit));
            var checkedFlows = step % 500 == 0 ? flows : flows.Count == 0 ? [] : [flows[random.Next(flows.Count)]];
            Assert.All(checkedFlows, one => Assert.Single(Search(index, one.Hash), flow => flow == one.Flow));
        }

        flows.ForEach(one => index.Remove(one.Hash, one.Flow));
        Assert.Equal(0, index.Count);
        Assert.All(flows, one => Assert.Empty(Search(index, one.Hash)));
    }

    [Fact]
    public void AddAndRemove_FewStarts_FindWhatADictionaryFindsAndNothingElse() =>
        Gen.Select(Gen.Int[0, 1], Gen.UInt[0, 40]).Array[1, 300].Sample(script =>
        {
            var index = new FlowIndex(limit: 41);
            var reference = new Dictionary<int, ulong>();
            foreach (var (kind, word) in script)
            {
                // Few distinct starts, so that runs collide and wrap around the end of the table.
                var (flow, hash) = ((int)word, (ulong)(word % 3 == 0 ? 1023 : word & 3) << 32 | word);
                if (kind == 0 && reference.TryAdd(flow, hash))
                {
                    index.Add(hash, flow);
                }
                else if (reference.Remove(flow))
                {
                    index.Remove(hash, flow);
                }
            }

            Assert.Equal(reference.Count, index.Count);
            Assert.All(reference, entry => Assert.Contains(entry.Key, Search(index, entry.Value)));
            Assert.All(Enumerable.Range(0, 1024), start =>
                Assert.All(Search(index, (ulong)start << 32), flow => Assert.True(reference.ContainsKey(flow))));
        });

    [Fact]
    public void Add_MoreThanAPageOfEntries_EveryFlowIsFoundAndTheEarlierBlockIsGivenUp()
    {
        const int flows = 800_000;
        var index = new FlowIndex(flows);
        var most = 0L;
        for (var flow = 0; flow < flows; flow++)
        {
            index.Add(Hash(flow), flow);
            most = Math.Max(most, index.Bytes);
        }

        Assert.Equal(FlowIndex.BytesFor(flows), most);
        Assert.Equal(FlowIndex.BytesFor(flows) * 2 / 3, index.Bytes);
        Assert.DoesNotContain(Enumerable.Range(0, flows), flow => !Search(index, Hash(flow)).Contains(flow));
    }

    [Theory]
    [InlineData(1, 1 << 10)]
    [InlineData(640, 1 << 10)]
    [InlineData(641, 3 << 10)]
    [InlineData(1_000_000, 3 << 20)]
    [InlineData(10_000_000, 3 << 23)]
    public void BytesFor_Flows_AreEntriesAtFiveEighthsAndTheBlockBefore(int flows, long entries) =>
        Assert.Equal(entries * sizeof(ulong), FlowIndex.BytesFor(flows));

    /// <summary>Spreads numbers evenly.</summary>
    static ulong Hash(int flow) => (ulong)flow * 0x9E3779B97F4A7C15;

    static List<int> Search(FlowIndex index, ulong hash)
    {
        var found = new List<int>();
        var position = index.Start(hash);
        while (index.Next(hash, ref position) is >= 0 and var flow)
        {
            found.Add(flow);
        }

        return found;
    }
}
