namespace ServeFlow.Training.Trainers;

/// <summary>Represents a matrix that is never held: each row is worked out when it is read. Safe for several
/// threads.</summary>
interface IFlowRows
{
    int Rows { get; }

    int Columns { get; }

    /// <summary>Writes one row; <paramref name="values"/> has <see cref="Columns"/> places.</summary>
    void Read(int row, Span<float> values);
}
