using System.Numerics;

namespace ServeFlow.Models.BitSliced;

/// <summary>Represents a node whose turn has come: its place in a round flips bit <paramref name="Bit"/>.</summary>
/// <param name="Code">Code of its leftmost leaf.</param>
/// <param name="RightCode">Code of the leftmost leaf on its right.</param>
readonly record struct ScheduledBranch(Branching Branching, int Code, int RightCode, int Bit);

/// <summary>
/// Orders the branches of a small tree in rounds, of which the k-th branch flips code bit k: so the code planes stay
/// in registers, and the loops over a tree's branches have nearly the same length for all trees. First come rounds of
/// branches that pass flows on, then rounds of those with two leaves. Codes are given on the way: a branch takes the
/// turn at which its right side finds a free code one bit away.
/// </summary>
sealed class BranchSchedule
{
    readonly BranchLists lists;
    readonly LeafCodes codes;
    readonly List<(Branching Branching, int Code)> open = [];

    /// <summary>Holds, by bit, the branches that flip it too, besides the bit of their turn.</summary>
    readonly Queue<Branching>[] more;

    readonly int firstBranch;
    readonly int firstLeafBranch;

    readonly Random ties;

    /// <summary>Counts the open nodes that pass flows on.</summary>
    int openPassingOn;

    /// <param name="attempt">Which of equally good turns are taken: attempts differ in length.</param>
    public BranchSchedule(BranchLists lists, int codeBits, bool isWhole, int attempt)
    {
        this.lists = lists;
        ties = new(attempt);
        codes = new(codeBits);
        more = [.. Enumerable.Range(0, codeBits).Select(_ => new Queue<Branching>())];
        (firstBranch, firstLeafBranch) = (lists.Branches.Count, lists.LeafBranches.Count);
        EntryCode = isWhole ? 0 : 1;
        codes.Reserve(0);
        codes.Reserve(EntryCode);
    }

    /// <summary>Gets the code of the first leaf: not 0 where only some flows enter.</summary>
    public int EntryCode { get; }

    /// <summary>
    /// Gets whether some branch that passes flows on is not written yet, or the last round of those is not full.
    /// </summary>
    bool IsPassingOn => openPassingOn > 0 || (lists.Branches.Count - firstBranch) % codes.Bits != 0;

    /// <summary>Gets the code bit that the next branch flips.</summary>
    int Bit => (IsPassingOn ? lists.Branches.Count - firstBranch : lists.LeafBranches.Count - firstLeafBranch)
        % codes.Bits;

    public void Open(Branching branching, int code)
    {
        open.Add((branching, code));
        openPassingOn += branching.PassesOn ? 1 : 0;
    }

    /// <summary>The node that is to be written next; false where none is left.</summary>
    public bool TryNext(out ScheduledBranch turn)
    {
        while (open.Count > 0)
        {
            // Two flips cost one branch more among the cheaper ones; a turn without a node costs a dearer one.
            if (TryTake(1, onlyPassingOn: IsPassingOn, out turn)
                || (IsPassingOn && (TryTake(2, onlyPassingOn: true, out turn)
                    || TryTake(1, onlyPassingOn: false, out turn))))
            {
                return true;
            }

            if (!TryWriteMore())
            {
                if (TryTake(codes.Bits, onlyPassingOn: false, out turn))
                {
                    return true;
                }

                WritePadding();
            }
        }

        turn = default;
        return false;
    }

    /// <summary>Writes a node in its turn.</summary>
    public void Write(in ScheduledBranch turn, int left, int right)
    {
        if (IsPassingOn || turn.Branching.PassesOn)
        {
            lists.Add(turn.Branching, left, right);
        }
        else
        {
            lists.Add(turn.Branching);
        }

        var others = turn.Code ^ turn.RightCode ^ (1 << turn.Bit);
        for (; others != 0; others &= others - 1)
        {
            more[BitOperations.TrailingZeroCount(others)].Enqueue(turn.Branching);
        }
    }

    /// <summary>Writes what is left and fills the last round.</summary>
    /// <param name="entry">Slot of the flows whose first leaf has code 1.</param>
    public SmallTree Finish(int entry)
    {
        while (more.Any(queue => queue.Count > 0) || Bit != 0)
        {
            if (!TryWriteMore())
            {
                WritePadding();
            }
        }

        return new(firstBranch, lists.Branches.Count - firstBranch, firstLeafBranch,
            lists.LeafBranches.Count - firstLeafBranch, entry);
    }

    bool TryTake(int maxFlips, bool onlyPassingOn, out ScheduledBranch turn)
    {
        var (bit, best, bestRank) = (Bit, -1, (Flips: int.MaxValue, 0, 0, 0));
        turn = default;
        for (var i = 0; i < open.Count; i++)
        {
            var (branching, code) = open[i];
            if (onlyPassingOn && !branching.PassesOn)
            {
                continue;
            }

            var right = codes.Nearest(code, bit);
            var rank = (Flips: BitOperations.PopCount((uint)(right ^ code)), branching.PassesOn ? 0 : 1,
                codes.FreeNeighbours(code), ties.Next());
            if (right >= 0 && rank.Flips <= maxFlips && rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank, turn) = (i, rank, new(branching, code, right, bit));
            }
        }

        if (best >= 0)
        {
            open.RemoveAt(best);
            openPassingOn -= turn.Branching.PassesOn ? 1 : 0;
            codes.Reserve(turn.RightCode);
        }

        return best >= 0;
    }

    bool TryWriteMore()
    {
        if (!more[Bit].TryDequeue(out var branching))
        {
            return false;
        }

        if (IsPassingOn)
        {
            lists.Add(branching, SlotPool.Nowhere, SlotPool.Nowhere);
        }
        else
        {
            lists.Add(branching);
        }

        return true;
    }

    void WritePadding()
    {
        if (IsPassingOn)
        {
            lists.Branches.Add(BranchLists.NoBranch);
        }
        else
        {
            lists.LeafBranches.Add(BranchLists.NoLeafBranch);
        }
    }
}
