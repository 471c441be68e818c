using CsCheck;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

public sealed class ColumnSurveyTests
{
    [Fact]
    public void DistinctColumns_ConstantsAndRepeats_AreDropped()
    {
        var rows = new MatrixRows([[0, 1, 0, -1, 1, 7], [0, 1, 1, 0, 1, 7], [0, 1, 0, -1, 0, 7]]);
        Assert.Equal([2, 3, 4], ColumnSurvey.DistinctColumns(rows, 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void DistinctColumns_EqualColumnsFarApart_KeepTheFirst() =>
        Assert.Equal([0],
            ColumnSurvey.DistinctColumns(new MatrixRows([[0, 5, 0], [1, 5, 1]]), 1,
                TestContext.Current.CancellationToken));

    [Fact]
    public void DistinctColumns_AnyMatrixAndThreads_KeepsWhatGroupingKeeps() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 12], Gen.Int[0, 10_000]).Sample((count, columns, seed) =>
        {
            var random = new Random(seed);
            var matrix = Enumerable.Range(0, count)
                .Select(_ => Enumerable.Range(0, columns).Select(_ => (float)random.Next(-1, 2)).ToArray()).ToArray();
            var expected = Enumerable.Range(0, columns)
                .GroupBy(c => string.Join(',', matrix.Select(row => row[c])))
                .Select(group => group.First())
                .Where(c => matrix.Any(row => row[c] != matrix[0][c]));
            Assert.Equal(expected,
                ColumnSurvey.DistinctColumns(new MatrixRows(matrix), 3, TestContext.Current.CancellationToken));
        }, iter: 200);
}
