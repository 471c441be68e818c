namespace ServeFlow.Models.SmallBatches;

/// <summary>Finds the leaves that a few flows reach in every tree. Owned by one worker.</summary>
unsafe interface ITreeKernel
{
    /// <summary>Specifies the flows that are best taken at once.</summary>
    const int BestFlows = 4;

    /// <param name="answers">[flows × <see cref="SmallBatchForest.AnswerBytes"/>]: bit b of a flow tells whether it
    /// answers the predicate of place b with yes.</param>
    /// <param name="flows">How many.</param>
    /// <param name="leaves">[flows × <see cref="SmallBatchForest.LeafPlaces"/>]: receives the number of each leaf.
    /// </param>
    void FindLeaves(byte* answers, int flows, ushort* leaves);
}
