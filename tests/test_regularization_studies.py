"""What the studies of lesson 06 stand on: draws, models side by side, the study that the page runs with settings."""

import torch
import torch.nn.functional as F

from course_utils.exercises import regularization as exercises
from course_utils.models import MultinomialLogisticRegression
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.studies import regularization as studies
from course_utils.studies._noisy_digits import descended, draw, measured, penalised, rolled


def test_the_dice_lie_in_no_fold_of_their_own():
    """Folds and dice drawn with one seed would put all rolled labels into one fold."""
    for seed in range(10):
        shares = [rolled(seed)[fold].float().mean() for fold in exercises.folds.right_answer(400, 5, seed)]
        assert max(shares) < 0.35, shares


def test_parts_of_a_draw_share_no_image():
    parts = draw(3)
    rows = [tuple(row.tolist()) for part in (parts.train, parts.valid, parts.test) for row in part.X]
    assert len(rows) == len(set(rows)) == 1797 and len(parts.train.y) == 400


def test_descent_side_by_side_is_descent_with_pytorch():
    data, model = draw(2).train, MultinomialLogisticRegression(64, 10)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(6):
        optimizer.zero_grad()
        F.cross_entropy(model(data.X), data.y).backward()
        optimizer.step()
    ours = descended(0.5, (3, 6))[1, 2]
    torch.testing.assert_close(ours[:64].T, model.linear.weight.detach(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(ours[64], model.linear.bias.detach(), atol=1e-5, rtol=1e-4)


def test_what_is_measured_is_what_one_model_says():
    data, wrong = draw(4), rolled(4)
    fit = fit_to_optimum(data.train, penalty=l2(0.1), n_classes=10)
    found = measured(penalised((0.1,)))
    knows = fit.logits(data.train.X).argmax(1) == data.train.y
    assert abs(found.known[0, 4] - 100 * knows.float().mean()) < 0.3
    assert abs(found.by_heart[0, 4] - 100 * knows[wrong].float().mean()) < 2
    loss = F.cross_entropy(fit.logits(data.valid.X), data.valid.y).item()
    assert abs(found.loss_unseen[0, 4].item() - loss) < 1e-3


def test_one_road_finds_what_it_expects():
    """The page runs it with the learner's λ and stop, of which nothing is expected."""
    finding = studies.one_road.run()
    assert finding.outside == [], repr(finding)
    assert "your" not in repr(finding) and studies.one_road.run(your_strength=0.01, your_stop=80.0).figure() is not None
