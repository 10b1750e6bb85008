package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.coordinator.rollout.Holdings;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Releases: how they get into the catalog, who has them, and how they are let go.
final class ImageApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int RELEASE_BODY_BYTES_MAX = 4 << 20;

    private final Roots roots;
    private final Catalog catalog;
    private final Orders orders;
    private final Supplier<Holdings> holdings;
    private final Runnable changed;

    /// @param holdings who has what now
    /// @param changed is run after each change of what hosts must know
    ImageApi(Roots roots, Catalog catalog, Orders orders, Supplier<Holdings> holdings, Runnable changed) {
        this.roots = roots;
        this.catalog = catalog;
        this.orders = orders;
        this.holdings = holdings;
        this.changed = changed;
    }

    List<Endpoint> endpoints() {
        String image = "/v1/images/:ref";
        return List.of(
                Endpoint.post("/v1/releases", Access.OPERATOR, RELEASE_BODY_BYTES_MAX, this::register),
                Endpoint.get("/v1/images", Access.VIEWER, ask -> images()),
                Endpoint.get(image, Access.VIEWER, ask -> answer(catalog.resolve(ask.text("ref")))),
                Endpoint.put(image, Access.OPERATOR, BODY_BYTES_MAX, this::change));
    }

    private Answer register(Ask ask) throws IOException {
        Fields fields = ask.fields();
        byte[] envelope = Fields.base64("release", fields.text("release"));
        List<ManifestHead> heads = new ArrayList<>();
        for (String head : fields.list("heads")) {
            heads.add(ManifestHead.decode(Fields.base64("heads", head)));
        }
        fields.end();
        Signed<Release> release = catalog.register(Envelope.decode(envelope), heads, roots.newest());
        changed.run();
        return answer(release);
    }

    private Answer images() {
        Holdings now = holdings.get();
        return Answer.json(Map.of(
                "images",
                catalog.all().stream()
                        .map(release -> ImageView.of(release, catalog.isRetired(release.hash()), now))
                        .toList()));
    }

    private Answer change(Ask ask) throws IOException {
        Fields fields = ask.fields();
        boolean retired = fields.flag("retired");
        fields.end();
        Signed<Release> release = catalog.resolve(ask.text("ref"));
        if (retired) {
            orders.retire(release);
        } else {
            orders.bringBack(release);
        }
        changed.run();
        return answer(release);
    }

    private Answer answer(Signed<Release> release) {
        return Answer.json(ImageView.of(release, catalog.isRetired(release.hash()), holdings.get()));
    }
}
