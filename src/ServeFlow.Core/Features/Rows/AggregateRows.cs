namespace ServeFlow.Features.Rows;

/// <summary>
/// Lays out the answers about aggregates, at the begin of an answer row. They are answered when the packet comes that
/// an aggregate reaches up to, or when no more packets come, from sums that go on packet by packet. Immutable.
/// </summary>
sealed class AggregateRows
{
    readonly AggregatePart[] parts;

    /// <param name="questions">The questions about aggregates, each once.</param>
    /// <param name="places">Receives the place of each in a row.</param>
    /// <param name="depth">Packets that the deepest tier waits for: answers about all of them are never turned.</param>
    public AggregateRows(IEnumerable<RowQuestion> questions, Dictionary<RowQuestion, int> places, int depth)
    {
        var builder = new AggregatePartBuilder(places);
        parts = [.. questions.GroupBy(question => question.Packet).OrderBy(part => part.Key)
            .Select(part => builder.Build(part.Key, [.. part.Order()], canTurn: part.Key < depth - 1))];
        Words = builder.Words;
    }

    /// <summary>Gets the words that the answers fill.</summary>
    public int Words { get; }

    /// <summary>Gets whether nothing is asked about aggregates, so that no sums are needed.</summary>
    public bool IsEmpty => parts.Length == 0;

    /// <summary>Goes on by one packet.</summary>
    /// <param name="number">The packet, from 0; the first begins the sums anew.</param>
    /// <param name="sums">The flow's sums.</param>
    /// <param name="row">The flow's row.</param>
    public void Add(in HeaderRecord packet, int number, ref FlowAggregates sums, Span<ulong> row)
    {
        if (number == 0)
        {
            sums = default;
        }

        sums.Add(packet);
        foreach (var part in parts)
        {
            if (part.Packet == number)
            {
                part.Write(sums, row);
            }
        }
    }

    /// <summary>No more packets come: aggregates up to later ones are over those that there are.</summary>
    /// <param name="packets">How many there are, at least one.</param>
    /// <inheritdoc cref="Add"/>
    public void Close(int packets, in FlowAggregates sums, Span<ulong> row)
    {
        foreach (var part in parts)
        {
            if (part.Packet >= packets)
            {
                part.Write(sums, row);
            }
        }
    }

    /// <summary>Exchanges the directions of a flow's packets, whose forward side has become the backward one.</summary>
    /// <inheritdoc cref="Close"/>
    public void Turn(int packets, ref FlowAggregates sums, Span<ulong> row)
    {
        sums.Turn();
        foreach (var part in parts)
        {
            if (part.Packet < packets)
            {
                part.Turn(row);
            }
        }
    }
}

/// <summary>Holds what is asked about the aggregates up to one packet.</summary>
/// <param name="Packet">The packet, from 0.</param>
/// <param name="Columns">What is compared.</param>
/// <param name="FirstWord">The place of its first word in a row.</param>
/// <param name="Words">Its words. As many follow that hold the answers for exchanged directions, where
/// <paramref name="CanTurn"/>.</param>
/// <param name="CanTurn">Whether directions may be exchanged after it was answered.</param>
sealed record AggregatePart(int Packet, AggregateColumn[] Columns, int FirstWord, int Words, bool CanTurn)
{
    /// <summary>Answers everything, from sums over the packets up to this one.</summary>
    public void Write(in FlowAggregates sums, Span<ulong> row)
    {
        Answer(sums, row.Slice(FirstWord, Words));
        if (CanTurn)
        {
            var turned = sums;
            turned.Turn();
            Answer(turned, row.Slice(FirstWord + Words, Words));
        }
    }

    /// <summary>Exchanges the answers and those for exchanged directions.</summary>
    public void Turn(Span<ulong> row)
    {
        for (var word = FirstWord; CanTurn && word < FirstWord + Words; word++)
        {
            (row[word], row[word + Words]) = (row[word + Words], row[word]);
        }
    }

    void Answer(in FlowAggregates sums, Span<ulong> words)
    {
        words.Clear();
        foreach (var column in Columns)
        {
            column.Answer(sums.Value(column.Kind), words);
        }
    }
}

/// <summary>Represents an aggregate and all that it is compared with.</summary>
/// <param name="Kind">The aggregate.</param>
/// <param name="Thresholds">Ascending; the answer is yes where the value is above.</param>
/// <param name="Place">The place of the first answer among those of its packet.</param>
sealed record AggregateColumn(AggregateKind Kind, float[] Thresholds, int Place)
{
    const int WordBits = 64;

    /// <summary>Answers by a value: yes up to the first threshold that it is not above.</summary>
    public void Answer(float value, Span<ulong> words)
    {
        var (place, left) = (Place, CountBelow(value));
        while (left > 0)
        {
            var shift = place % WordBits;
            var bits = Math.Min(left, WordBits - shift);
            words[place / WordBits] |= ulong.MaxValue >> (WordBits - bits) << shift;
            place += bits;
            left -= bits;
        }
    }

    int CountBelow(float value)
    {
        var (from, to) = (0, Thresholds.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (value > Thresholds[middle])
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }
}

/// <summary>Lays parts out one behind the other.</summary>
/// <param name="places">Receives the place of each question in a row.</param>
sealed class AggregatePartBuilder(Dictionary<RowQuestion, int> places)
{
    const int WordBits = 64;

    /// <summary>Gets the words that all parts fill so far.</summary>
    public int Words { get; private set; }

    /// <param name="questions">What is asked about one packet, in order.</param>
    public AggregatePart Build(int packet, RowQuestion[] questions, bool canTurn)
    {
        var (firstWord, words) = (Words, (questions.Length + WordBits - 1) / WordBits);
        foreach (var (place, question) in questions.Index())
        {
            places.Add(question, (firstWord * WordBits) + place);
        }

        Words += canTurn ? 2 * words : words;
        return new(packet, [.. questions.Index().GroupBy(question => question.Item.First).Select(column =>
            new AggregateColumn((AggregateKind)column.Key, [.. column.Select(question => question.Item.Threshold)],
                column.First().Index))], firstWord, words, canTurn);
    }
}
