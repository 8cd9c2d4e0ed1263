import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.models import MLP, FromBytes, LogisticRegression, MultinomialLogisticRegression, at_zero

X = torch.randn(7, 4, generator=torch.Generator().manual_seed(0))


def test_one_neuron_gives_one_logit_a_row():
    model = LogisticRegression(4)
    logits = model(X)
    assert logits.shape == (7,)
    by_hand = X @ model.linear.weight[0] + model.linear.bias
    torch.testing.assert_close(logits, by_hand)
    torch.testing.assert_close(model.predict_proba(X), 1 / (1 + torch.exp(-by_hand.detach())))
    assert torch.equal(model.predict(X), (by_hand > 0).long())
    F.binary_cross_entropy_with_logits(logits, torch.ones(7)).backward()      # the shapes fit the loss


def test_softmax_regression_has_one_neuron_a_class():
    model = MultinomialLogisticRegression(4, 3)
    logits = model(X)
    assert logits.shape == (7, 3)
    exp = logits.detach().exp()
    torch.testing.assert_close(model.predict_proba(X), exp / exp.sum(1, keepdim=True))
    assert torch.equal(model.predict(X), logits.argmax(1))
    assert not model.predict_proba(X).requires_grad


def test_a_model_without_a_preference_predicts_the_first_class():
    for model in (LogisticRegression(4), MultinomialLogisticRegression(4, 3)):
        nn.init.zeros_(model.linear.weight), nn.init.zeros_(model.linear.bias)
        assert model.predict(X).tolist() == [0] * 7 and model.predict(X).dtype == torch.int64


def test_one_row_of_one_feature_keeps_its_shape():
    assert LogisticRegression(1)(torch.ones(1, 1)).shape == (1,)
    assert MLP(1, 1)(torch.ones(1, 1)).shape == (1,)


@pytest.mark.parametrize("hidden", [(), (5,), (5, 6)])
def test_mlp_layers(hidden):
    model = MLP(4, 3, hidden, activation=nn.Tanh)
    widths = [(layer.in_features, layer.out_features) for layer in model.layers if isinstance(layer, nn.Linear)]
    assert widths == list(zip((4, *hidden), (*hidden, 3), strict=True))
    expected = X
    for layer in model.layers:
        expected = torch.tanh(expected) if isinstance(layer, nn.Tanh) else expected @ layer.weight.T + layer.bias
    torch.testing.assert_close(model(X), expected)


def test_bytes_become_decimals_from_0_to_1_and_decimals_stay_as_they_are():
    decimals = FromBytes()(torch.tensor([[0, 51, 255]], dtype=torch.uint8))
    assert decimals.dtype == torch.float32 and torch.equal(decimals, torch.tensor([[0.0, 0.2, 1.0]]))
    assert FromBytes()(X) is X and not list(FromBytes().parameters())


def test_dropout_follows_each_hidden_layer_and_rests_in_eval():
    model = MLP(4, 3, (50, 50), dropout=0.5)
    assert [type(layer).__name__ for layer in model.layers] == ["Linear", "ReLU", "Dropout"] * 2 + ["Linear"]
    assert not torch.equal(model(X), model(X))
    model.eval()
    assert torch.equal(model(X), model(X))


def test_a_model_at_zero_is_the_same_model_and_prefers_nothing():
    model = MultinomialLogisticRegression(4, 3)
    assert at_zero(model) is model
    assert all((p == 0).all() and p.requires_grad for p in model.parameters())
    assert torch.softmax(model(torch.randn(5, 4)), 1).allclose(torch.full((5, 3), 1 / 3))


@pytest.mark.parametrize("settings, words", [
    ({"hidden": 8}, r"hidden is 8. It lists the width of each hidden layer: `hidden=\(8,\)`."),
    ({"activation": nn.ReLU()}, r"activation is ReLU\(\). It makes a layer anew each time, so give its class"),
    ({"activation": "relu"}, "activation is 'relu'. It makes a layer anew"),
])
def test_settings_of_an_mlp_that_are_nearly_right(settings, words):
    with pytest.raises(TypeError, match=words):
        MLP(4, 3, **settings)
