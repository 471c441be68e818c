using System.Buffers;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Draws the splits that extra trees try at a node: columns at random, each with a threshold at random among those that
/// tell flows of the node apart. A column that is constant at the node costs no draw.
/// </summary>
sealed class RandomThresholds(SplitPlanes planes, int wanted)
{
    /// <returns>The planes, as many as wanted or fewer, each of another column.</returns>
    public IEnumerable<int> Draw(CartNode node, Random random)
    {
        var columns = ArrayPool<int>.Shared.Rent(planes.Columns);
        for (var c = 0; c < planes.Columns; c++)
        {
            columns[c] = c;
        }

        for (var (left, found) = (planes.Columns, 0); left > 0 && found < wanted; left--)
        {
            var at = random.Next(left);
            if (Threshold(columns[at], node, random) is >= 0 and var plane)
            {
                found++;
                yield return plane;
            }

            columns[at] = columns[left - 1];
        }

        ArrayPool<int>.Shared.Return(columns);
    }

    /// <summary>Returns a plane of the column that separates flows of the node, or −1 where none does.</summary>
    int Threshold(int column, CartNode node, Random random)
    {
        var (first, count) = planes.PlanesOf(column);
        var begin = count > 1 ? random.Next(count) : 0;
        for (var i = 0; i < count; i++)
        {
            var plane = first + ((begin + i) % count);
            if (node.IsSplitBy(planes[plane]))
            {
                return plane;
            }
        }

        return -1;
    }
}
