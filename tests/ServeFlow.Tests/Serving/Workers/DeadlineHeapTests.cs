using CsCheck;
using ServeFlow.Serving.Workers;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class DeadlineHeapTests
{
    const int Slots = 20;

    [Fact]
    public void FirstSlot_AnyAddsAndRemoves_IsThatOfASortedList() =>
        Gen.Select(Gen.Int[0, Slots - 1], Gen.Long[0, 10]).Array[0, 200].Sample(steps =>
        {
            var order = new DeadlineHeap(Slots);
            var model = new Dictionary<int, long>();
            foreach (var (slot, due) in steps)
            {
                if (model.Remove(slot))
                {
                    order.Remove(slot);
                }
                else
                {
                    model.Add(slot, due);
                    order.Add(slot, uint.MaxValue - 5 + (uint)(Slots - slot), due); // numbers begin anew at 0
                }

                Assert.Equal(model.Count, order.Count);
                Assert.Equal(model.Values.DefaultIfEmpty(long.MaxValue).Min(), order.FirstDeadlineNs);
                if (model.Count > 0)
                {
                    Assert.Equal(model.OrderBy(m => m.Value).ThenByDescending(m => m.Key).First().Key, order.FirstSlot);
                }
            }
        });

    [Fact]
    public void Remove_OneThatIsNotThere_DoesNothing()
    {
        var order = new DeadlineHeap(Slots);
        order.Add(3, 3u, 100);
        order.Remove(4);

        Assert.Equal((1, 100L, 3), (order.Count, order.FirstDeadlineNs, order.FirstSlot));
    }
}
