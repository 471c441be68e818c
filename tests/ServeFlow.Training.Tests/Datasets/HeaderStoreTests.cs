using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class HeaderStoreTests
{
    [Fact]
    public void Add_MoreThanOneChunk_EveryFlowComesBackWhole()
    {
        var store = new HeaderStore();
        var records = new HeaderRecord[10];
        var places = new List<long>();
        for (var flow = 0; flow < 20_000; flow++)
        {
            records[0].Size = (ushort)flow;
            records[9].Size = (ushort)(flow + 1);
            places.Add(store.Add(records.AsSpan(0, 1 + (flow % 10))));
        }

        for (var flow = 0; flow < places.Count; flow++)
        {
            Assert.Equal((ushort)flow, store.Packets(places[flow], 1 + (flow % 10))[0].Size);
        }
    }

    [Fact]
    public void Add_NoRoom_Throws()
    {
        var store = new HeaderStore(maxBytes: 1);
        store.Add(new HeaderRecord[1 << 16]); // a chunk is the least that there is

        Assert.Throws<HeaderStoreFullException>(() => store.Add(new HeaderRecord[1]));
    }
}
