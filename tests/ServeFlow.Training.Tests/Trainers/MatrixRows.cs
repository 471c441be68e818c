using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>Rows that a test wrote down.</summary>
sealed class MatrixRows(float[][] matrix) : IFlowRows
{
    public int Rows => matrix.Length;

    public int Columns => matrix[0].Length;

    public void Read(int row, Span<float> values) => matrix[row].CopyTo(values);
}
